/** The usual hand-written pair: RPUSH of JSON on one connection, BLPOP in a loop on another. */
function ends({ push, pop, close }, { prefix }, id, side) {
  const there = `${prefix}:${id}:${side === 'near' ? 'there' : 'back'}`;
  const back = `${prefix}:${id}:${side === 'near' ? 'back' : 'there'}`;
  const receive = async (seconds) => {
    const text = await pop(back, seconds);
    return text === undefined ? undefined : JSON.parse(text);
  };
  return {
    async call(message) {
      await push(there, JSON.stringify(message));
      return receive(0);
    },
    echo() {
      let going = true;
      const loop = (async () => {
        while (going) {
          const message = await receive(0.2);
          if (message !== undefined) await push(there, JSON.stringify(message));
        }
      })();
      return () => {
        going = false;
        return loop;
      };
    },
    send: (messages) => Promise.all(messages.map((message) => push(there, JSON.stringify(message)))),
    async drain(count, onMessage) {
      for (let i = 0; i < count; i++) onMessage(await receive(0));
    },
    close,
  };
}

const DRAINS = 10_000;

export function ioredisLists(id, title, name) {
  return {
    id,
    title,
    kind: 'list',
    package: name,
    drains: DRAINS,
    async open(target, side) {
      const { default: Redis } = await import(name);
      const { host, port, username, password, db } = target;
      const client = new Redis({ host, port, username, password, db, lazyConnect: true });
      const blocking = client.duplicate();
      await Promise.all([client.connect(), blocking.connect()]);
      const calls = {
        push: (key, text) => client.rpush(key, text),
        pop: async (key, seconds) => (await blocking.blpop(key, seconds))?.[1],
        close: () => Promise.all([client.quit(), blocking.disconnect()]),
      };
      return ends(calls, target, id, side);
    },
  };
}

export const nodeRedisLists = {
  id: 'node-redis',
  title: 'node-redis 6',
  kind: 'list',
  package: 'redis',
  drains: DRAINS,
  async open(target, side) {
    const { createClient } = await import('redis');
    const { host, port, username, password, db } = target;
    const client = createClient({ socket: { host, port }, username, password, database: db });
    client.on('error', () => {});
    // The default timeout of its commands would end a wait.
    const blocking = client.duplicate({ commandOptions: { timeout: 0 } });
    blocking.on('error', () => {});
    await Promise.all([client.connect(), blocking.connect()]);
    const calls = {
      push: (key, text) => client.rPush(key, text),
      pop: async (key, seconds) => (await blocking.blPop(key, seconds))?.element,
      close: () => Promise.all([client.close(), blocking.destroy()]),
    };
    return ends(calls, target, 'node-redis', side);
  },
};
