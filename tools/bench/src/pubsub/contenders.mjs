/**
 * Subscribers behind one interface, one connection each.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'peer' | 'ours'} kind
 * @property {string} package
 * @property {(target: import('../client/target.mjs').Target) => Promise<Subscriber>} connect
 *
 * @typedef {object} Subscriber
 * @property {(channels: string[], listeners: [(channel: string, payload: string) => void]) => Promise<unknown>} subscribe
 * @property {() => Promise<unknown>} unsubscribe from everything
 * @property {() => unknown} close
 */

function ioredis(id, title, name) {
  return {
    id,
    title,
    kind: 'peer',
    package: name,
    async connect({ host, port, username, password, db }) {
      const { default: Redis } = await import(name);
      const client = new Redis({ host, port, username, password, db, lazyConnect: true });
      await client.connect();
      return {
        subscribe(channels, [onMessage]) {
          client.removeAllListeners('message');
          client.on('message', onMessage);
          return client.subscribe(...channels);
        },
        unsubscribe: () => client.unsubscribe(),
        close: () => client.quit(),
      };
    },
  };
}

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
      subscribe: (channels, [onMessage]) =>
        client.subscribe(channels, (payload, channel) => onMessage(channel, payload)),
      unsubscribe: () => client.unsubscribe(),
      close: () => client.close(),
    };
  },
};

const redlane = {
  id: 'redlane',
  title: 'redlane',
  kind: 'ours',
  package: '@redlane/client',
  async connect({ host, port, username, password, db }) {
    const { RedisClient } = await import('@redlane/client');
    const client = new RedisClient({ host, port, username, password, db });
    await client.connect();
    let subscriptions = [];
    return {
      async subscribe(channels, [onMessage]) {
        const deliver = ({ channel, payload }) => onMessage(channel, payload);
        subscriptions = await Promise.all(channels.map((channel) => client.subscribe({ channel }, deliver)));
      },
      unsubscribe: () => Promise.all(subscriptions.map((subscription) => subscription.unsubscribe())),
      close: () => client.close(),
    };
  },
};

/** @type {Contender[]} */
export const contenders = [
  ioredis('ioredis6', 'ioredis 6', 'ioredis'),
  ioredis('ioredis5', 'ioredis 5', 'ioredis5'),
  nodeRedis,
  ioredis('iovalkey', 'iovalkey', 'iovalkey'),
  redlane,
];

export const contenderOf = (id) => contenders.find((contender) => contender.id === id);
