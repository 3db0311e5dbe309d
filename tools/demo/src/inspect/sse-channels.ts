import type { RedisDriver } from '@redlane/client';
import { RedisConnectionsRepository } from '@redlane/sse-persistence';

export interface ListenerView {
  readonly id: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Some process serves it now, or has done so within the last minute and died. */
  readonly isPresent: boolean;
  /** The event up to which it was delivered to, as far as that was written down. */
  readonly position: string | null;
}

export interface SseChannelView {
  readonly channel: string;
  readonly listeners: readonly ListenerView[];
  /** Listeners whose rows cannot be read. */
  readonly unreadable: readonly string[];
}

/** A channel's keys have its id in them, percent-encoded. */
const OF_CHANNEL = /^sse:\{(.+)\}:(?:listeners|meta)$/s;

/** The channels of server-sent events, with their listeners. */
export async function sseChannels(driver: RedisDriver): Promise<SseChannelView[]> {
  await using repository = new RedisConnectionsRepository(driver);
  const channels: SseChannelView[] = [];
  for (const channel of await channelIds(driver, repository)) {
    const { directory } = repository.store(channel);
    const unreadable: string[] = [];
    const [rows, present] = await Promise.all([
      directory.list((listener) => unreadable.push(listener)),
      directory.present(),
    ]);
    const served = new Set(present);
    const listeners = await Promise.all(
      rows.map(async ({ id, createdAt }) => ({
        id,
        createdAt: new Date(createdAt).toISOString(),
        isPresent: served.has(id),
        position: (await directory.position(id)) ?? null,
      })),
    );
    channels.push({ channel, listeners, unreadable });
  }
  return channels;
}

/** The index has those to which a listener was registered; the others have only been sent to, or served. */
async function channelIds(driver: RedisDriver, { index }: RedisConnectionsRepository): Promise<string[]> {
  const ids = new Set(await index.ids());
  for (const match of ['sse:{*}:listeners', 'sse:{*}:meta']) {
    for await (const key of driver.scan({ match, type: 'hash' })) {
      const id = channelOf(key);
      if (id !== undefined) ids.add(id);
    }
  }
  return [...ids].sort();
}

/** `undefined`: the key is somebody else's. */
function channelOf(key: string): string | undefined {
  try {
    const [, encoded] = OF_CHANNEL.exec(key) ?? [];
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}
