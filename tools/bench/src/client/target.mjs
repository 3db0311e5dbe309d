import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createClient } from '@redis/client';
import { UsageError } from '../usage-error.mjs';
import { operations, textOf } from './workload.mjs';

const CHILD = fileURLToPath(new URL('server-child.mjs', import.meta.url));

/**
 * The server under load.
 *
 * @typedef {{ host: string, port: number, username?: string, password?: string, db: number, prefix: string }} Target
 *   keys start with `prefix`
 */

/** REDIS_URL, or a server of our own on a free port. */
export async function openTarget(sizes, url = process.env.REDIS_URL) {
  // Before a server has been started for nothing.
  const given = url ? parseUrl(url) : undefined;
  const server = given === undefined ? await startServer() : undefined;
  try {
    return await OpenTarget.open(given ?? parseUrl(server.url), server, sizes);
  } catch (error) {
    await server?.stop();
    throw error;
  }
}

class OpenTarget {
  /** @type {Target} */
  target;
  #server;
  #control;
  #keys;

  static async open(place, server, sizes) {
    const opened = new OpenTarget();
    opened.target = { ...place, prefix: `redlane-bench:${process.pid}` };
    opened.#server = server;
    opened.#control = await connectControl(place);
    opened.#keys = operations.flatMap((op) => sizes.map((size) => `${opened.target.prefix}:${op}:${size}`));
    for (const size of sizes) await opened.#control.set(`${opened.target.prefix}:get:${size}`, textOf(size));
    return opened;
  }

  /** Name and version, as INFO says. */
  async version() {
    const info = await this.#control.info('server');
    const field = (name) => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
    const valkey = field('valkey_version');
    return valkey === undefined ? `Redis ${field('redis_version')}` : `Valkey ${valkey}`;
  }

  /** How many of a command the server has executed so far, for whomever. */
  async executed(op) {
    const info = await this.#control.info('commandstats');
    return Number(new RegExp(`^cmdstat_${op}:calls=(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  }

  /** What SET has left behind. */
  stored(size) {
    return this.#control.get(`${this.target.prefix}:set:${size}`);
  }

  async forget(size) {
    await this.#control.del(`${this.target.prefix}:set:${size}`);
  }

  /** A server of our own never cuts a subscriber that is slower than the publisher. */
  async letSubscribersLag() {
    if (this.#server !== undefined)
      await this.#control.configSet('client-output-buffer-limit', 'pubsub 0 0 0');
  }

  async close() {
    try {
      if (this.#keys.length > 0) await this.#control.del(this.#keys);
      await this.#control.close();
    } finally {
      await this.#server?.stop();
    }
  }
}

/** @throws {UsageError} */
function parseUrl(text) {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const db = Number(url?.pathname.slice(1));
  if (url?.protocol !== 'redis:' || url.hostname === '' || !Number.isInteger(db))
    throw new UsageError('REDIS_URL must look like redis://[[user]:password@]host[:port][/db]');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 6379),
    db,
    ...(url.username === '' ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
  };
}

async function connectControl({ host, port, username, password, db }) {
  const client = createClient({
    socket: { host, port, reconnectStrategy: false },
    username,
    password,
    database: db,
  });
  // Without a listener it would end the process; the commands reject anyway.
  client.on('error', () => {});
  try {
    return await client.connect();
  } catch (error) {
    throw new UsageError(`cannot talk to the server at ${host}:${port}: ${error.message}`);
  }
}

async function startServer() {
  const child = fork(CHILD, {
    execArgv: ['--import', import.meta.resolve('tsx')],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const exit = once(child, 'exit');
  const message = await Promise.race([once(child, 'message').then(([first]) => first), exit.then(() => {})]);
  if (message === undefined) throw new Error('no server to measure with, see above; or set REDIS_URL');
  return {
    url: message.url,
    async stop() {
      if (child.connected) child.disconnect();
      await exit;
    },
  };
}
