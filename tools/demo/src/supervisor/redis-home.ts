import { waitServe } from '@redlane/channel';
import { toDriver } from '@redlane/client/driver';
import { startServer } from '@redlane/redis-server';
import { RedisSSEChannelRepository } from '@redlane/sse-persistence';
import { UsageError } from '../usage-error.js';

const SERVES_WITHIN_MS = 3_000;

/** Where a desk keeps everything. */
export interface RedisHome extends AsyncDisposable {
  readonly url: string;
  /** For people. */
  readonly description: string;
  /** Kills the server and starts it again, on the same port and folder; `undefined` when it is not ours. */
  readonly restart: (() => Promise<void>) | undefined;
}

/** A server of our own that has on disk whatever it has confirmed; it is gone with its folder at the end. */
export async function ownRedis(): Promise<RedisHome> {
  const server = await startServer({ persistence: 'always' });
  const { url, name, version, port } = server;
  return {
    url,
    description: `${name}-server ${version} on port ${port}, every write on disk before its reply`,
    restart: () => server.restart('SIGKILL'),
    [Symbol.asyncDispose]: () => server.stop(),
  };
}

/**
 * A server of somebody else: what the desk has left there is removed at the end.
 *
 * @throws UsageError when it does not answer
 */
export async function foreignRedis(url: string, run: string): Promise<RedisHome> {
  try {
    await waitServe(url, { timeoutMs: SERVES_WITHIN_MS });
  } catch (error) {
    const { message, cause } = error as Error;
    const why = cause instanceof Error ? `${message}; ${cause.message}` : message;
    throw new UsageError(`the server of REDIS_URL cannot be used: ${why}`, { cause: error });
  }
  const { host } = new URL(url);
  return {
    url,
    description: `the server of REDIS_URL at ${host}; every key of ours has "${run}" in its name`,
    restart: undefined,
    [Symbol.asyncDispose]: () => removeKeys(url, run),
  };
}

async function removeKeys(url: string, run: string): Promise<void> {
  await using repository = new RedisSSEChannelRepository(url);
  await repository.delete(run);
  const driver = toDriver(url);
  try {
    for await (const key of driver.scan({ match: `*${run}*` })) await driver.send(['UNLINK', key]);
  } finally {
    await driver.close();
  }
}
