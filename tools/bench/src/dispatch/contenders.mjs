/**
 * Subscribers with any number of listeners on each channel, behind one interface; one connection each.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'peer' | 'ours'} kind
 * @property {string} package
 * @property {(target: import('../client/target.mjs').Target) => Promise<Subscriber>} connect
 *
 * @typedef {(channel: string, payload: string) => void} Listener
 *
 * @typedef {object} Subscriber
 * @property {(channels: string[], listeners: Listener[]) => Promise<unknown>} subscribe every listener to every channel
 * @property {() => Promise<unknown>} unsubscribe from everything
 * @property {() => unknown} close
 */

const ioredis = {
  id: 'ioredis6',
  title: 'ioredis 6',
  kind: 'peer',
  package: 'ioredis',
  async connect({ host, port, username, password, db }) {
    const { default: Redis } = await import('ioredis');
    const client = new Redis({ host, port, username, password, db, lazyConnect: true });
    await client.connect();
    return {
      async subscribe(channels, listeners) {
        // It has one event for all channels: what its users write is a map.
        const byChannel = new Map(channels.map((channel) => [channel, listeners]));
        client.removeAllListeners('message');
        client.on('message', (channel, payload) => {
          for (const listener of byChannel.get(channel) ?? []) listener(channel, payload);
        });
        await client.subscribe(...channels);
      },
      unsubscribe: () => client.unsubscribe(),
      close: () => client.quit(),
    };
  },
};

const nodeRedis = {
  id: 'node-redis',
  title: 'node-redis 6',
  kind: 'peer',
  package: 'redis',
  async connect({ host, port, username, password, db }) {
    const { createClient } = await import('redis');
    const client = createClient({ socket: { host, port }, username, password, database: db });
    client.on('error', () => {});
    await client.connect();
    return {
      async subscribe(channels, listeners) {
        for (const listener of listeners)
          await client.subscribe(channels, (payload, channel) => listener(channel, payload));
      },
      unsubscribe: () => client.unsubscribe(),
      close: () => client.close(),
    };
  },
};

const redlane = {
  id: 'redlane',
  title: 'redlane',
  kind: 'ours',
  package: '@redlane/pubsub-manager',
  async connect({ host, port, username, password, db }) {
    const { RedisManager } = await import(built('pubsub-manager'));
    const manager = new RedisManager();
    const client = await manager.openRedisClient('PUB_SUB', { host, port, username, password, db });
    let channelsNow = [];
    return {
      async subscribe(channels, listeners) {
        channelsNow = channels;
        await Promise.all(
          channels.flatMap((channel) =>
            listeners.map((listener) => client.registerListener(listener, channel, { timeoutMs: 60_000 })),
          ),
        );
      },
      unsubscribe: () => Promise.all(channelsNow.map((channel) => client.unregisterListeners(channel))),
      close: () => manager.close(),
    };
  },
};

/** As it is published; only resp3-core and client are installed here. */
function built(name) {
  return new URL(`../../../../packages/${name}/dist/index.js`, import.meta.url).href;
}

/** @type {Contender[]} */
export const contenders = [ioredis, nodeRedis, redlane];

export const contenderOf = (id) => contenders.find((contender) => contender.id === id);
