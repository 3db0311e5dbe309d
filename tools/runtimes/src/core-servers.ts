import { type RedisServer, startServer } from '@redlane/redis-server';
import type { CoreServers } from '../core/bed.js';

/** The two servers that the core paths need, until it is disposed. */
export interface OpenServers extends AsyncDisposable {
  readonly description: string;
  environment(protocol: 2 | 3): { REDLANE_CORE: string };
}

/** @param executable - of redis-server or valkey-server. @default the one that is found */
export async function openServers(executable?: string): Promise<OpenServers> {
  const plain = await startServer(executable === undefined ? {} : { executable });
  let secure: RedisServer;
  try {
    secure = await startServer({
      tls: { authClients: 'yes' },
      ...(executable === undefined ? {} : { executable }),
    });
  } catch (error) {
    await plain.stop();
    throw error;
  }
  return {
    description: `${plain.name} ${plain.version}`,
    environment: (protocol) => {
      const servers: CoreServers = { url: plain.url, protocol, tls: { url: secure.url, ...secure.tls! } };
      return { REDLANE_CORE: JSON.stringify(servers) };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([plain.stop(), secure.stop()]);
    },
  };
}
