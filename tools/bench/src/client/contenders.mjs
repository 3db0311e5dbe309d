import { closedLoop } from './closed-loop.mjs';
import { connectRaw } from './raw-load.mjs';

/**
 * Clients behind one interface, one connection each.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'limit' | 'peer' | 'ours'} kind
 * @property {string} [package]
 * @property {number} [signalTimers] how many `AbortSignal.timeout` it starts per command; the smoke test counts them
 * @property {(target: import('./target.mjs').Target) => Promise<Connection | undefined>} connect `undefined`: the package is
 *   not there
 *
 * @typedef {object} Connection
 * @property {(command: ReturnType<typeof import('./workload.mjs').commandOf>,
 *   options: { inFlight: number, limit?: number, exact?: boolean }) => import('./closed-loop.mjs').Load} load
 * @property {() => unknown} close
 */

const loadOn = (caller) => (command, options) => closedLoop(caller, command, options);

function ioredis(id, title, name, enableAutoPipelining) {
  return {
    id,
    title,
    kind: 'peer',
    package: name,
    async connect({ host, port, username, password, db }) {
      const { default: Redis } = await import(name);
      const client = new Redis({
        host,
        port,
        username,
        password,
        db,
        enableAutoPipelining,
        lazyConnect: true,
      });
      await client.connect();
      return { load: loadOn(() => client), close: () => client.quit() };
    },
  };
}

function nodeRedis(id, title, signalTimers, options) {
  return {
    id,
    title,
    kind: 'peer',
    package: 'redis',
    signalTimers,
    async connect({ host, port, username, password, db }) {
      const { createClient } = await import('redis');
      const client = createClient({ socket: { host, port }, username, password, database: db, ...options });
      // Without a listener it would end the process; the commands reject anyway.
      client.on('error', () => {});
      await client.connect();
      return { load: loadOn(() => client), close: () => client.close() };
    },
  };
}

const glide = {
  id: 'glide',
  title: 'valkey-glide',
  kind: 'peer',
  package: '@valkey/valkey-glide',
  async connect({ host, port, username, password, db }) {
    const { GlideClient } = await import('@valkey/valkey-glide');
    const client = await GlideClient.createClient({
      addresses: [{ host, port }],
      ...(password === undefined ? {} : { credentials: { username, password } }),
      databaseId: db,
      // Its default of 250 ms is no match for a busy machine, and a timeout ends the run.
      requestTimeout: 5000,
    });
    return { load: loadOn(() => client), close: () => client.close() };
  },
};

const commandsOf = (client) => ({
  get: (key) => client.call('GET', key),
  set: (key, value) => client.call('SET', key, value),
});

/** @param {(client: any) => (index: number) => ReturnType<typeof commandsOf>} callers */
function redlane(id, title, options, callers) {
  return {
    id,
    title,
    kind: 'ours',
    package: '@redlane/client',
    async connect({ host, port, username, password, db }) {
      const RedisClient = await loadOwn();
      if (RedisClient === undefined) return undefined;
      const client = new RedisClient({ host, port, username, password, db, ...options });
      // Opens the connection and finds out about a wrong password now, not within a pass.
      await client.call('PING');
      return { load: loadOn(callers(client)), close: () => client.close() };
    },
  };
}

/** Our client as users get it, from the built package; `undefined` when that has not been built. */
async function loadOwn() {
  try {
    return (await import('@redlane/client')).RedisClient;
  } catch (error) {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

const plain = (client) => {
  const commands = commandsOf(client);
  return () => commands;
};

/** Every caller has a view and a signal of its own, as request handlers have, and keeps it for many commands. */
const guarded = (client) => () =>
  commandsOf(client.with({ timeoutMs: 1000, signal: new AbortController().signal }));

/** @type {Contender[]} */
export const contenders = [
  { id: 'raw', title: 'raw socket', kind: 'limit', connect: connectRaw },
  ioredis('ioredis6', 'ioredis 6', 'ioredis', false),
  ioredis('ioredis6-auto', 'ioredis 6 auto', 'ioredis', true),
  ioredis('ioredis5', 'ioredis 5', 'ioredis5', false),
  ioredis('ioredis5-auto', 'ioredis 5 auto', 'ioredis5', true),
  nodeRedis('node-redis', 'node-redis 6', 1, {}),
  // 0, since its own default is merged in when the option is left out.
  nodeRedis('node-redis-no-timeout', 'node-redis 6, no timeout', 0, {
    RESP: 3,
    commandOptions: { timeout: 0 },
  }),
  ioredis('iovalkey', 'iovalkey', 'iovalkey', false),
  glide,
  redlane('redlane', 'redlane', {}, plain),
  redlane('redlane-guarded', 'redlane, timeout + signal', {}, guarded),
  redlane('redlane-no-timeout', 'redlane, no timeout', { timeoutMs: 0 }, plain),
];

export const contenderOf = (id) => contenders.find((contender) => contender.id === id);
