import { PAYLOAD } from './event.mjs';

/** By its place, as it is no dependency of this package. */
const OURS = new URL('../../../../packages/sse-persistence/dist/index.js', import.meta.url);

/**
 * Servers of one channel behind one interface.
 *
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {'limit' | 'peer' | 'ours'} kind
 * @property {string} [package]
 * @property {(target: import('../client/target.mjs').Target) => Promise<Broadcaster>} open
 *
 * @typedef {object} Broadcaster
 * @property {import('node:http').RequestListener} handle
 * @property {() => unknown} broadcast one event to all; the result resolves when it has been taken
 * @property {() => unknown} close
 */

/** What `res.write` itself costs, with one frame for all. */
const bare = {
  id: 'bare',
  title: 'bare res.write',
  kind: 'limit',
  async open() {
    const responses = new Set();
    let id = 0;
    return {
      handle(_, res) {
        res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
        res.write(':\n\n');
        responses.add(res);
        res.on('close', () => responses.delete(res));
      },
      broadcast() {
        const frame = Buffer.from(`id: ${++id}\ndata: ${PAYLOAD}\n\n`);
        for (const res of responses) res.write(frame);
      },
      close() {},
    };
  },
};

const betterSse = {
  id: 'better-sse',
  title: 'better-sse',
  kind: 'peer',
  package: 'better-sse',
  async open() {
    const { createChannel, createSession } = await import('better-sse');
    const channel = createChannel();
    return {
      async handle(req, res) {
        channel.register(await createSession(req, res, { serializer: String }));
      },
      broadcast: () => channel.broadcast(PAYLOAD),
      close() {},
    };
  },
};

const inMemory = {
  id: 'redlane',
  title: 'redlane, in memory',
  kind: 'ours',
  async open({ prefix }) {
    const { Message, SSEChannel } = await import(OURS);
    const channel = new SSEChannel({ channelId: `${prefix}:memory` });
    return {
      handle: (req, res) => channel.pipe(req, res),
      broadcast: () => channel.broadcast(new Message('message', PAYLOAD)),
      close: () => channel.close(),
    };
  },
};

const inRedis = {
  id: 'redlane-redis',
  title: 'redlane, kept in Redis',
  kind: 'ours',
  async open({ prefix, host, port, username, password, db }) {
    const { Message, SSEChannel } = await import(OURS);
    const { RedisClient } = await import('@redlane/client');
    const client = new RedisClient({ host, port, username, password, db });
    const channel = new SSEChannel({ channelId: `${prefix}:redis`, driver: client });
    return {
      handle: (req, res) => channel.pipe(req, res),
      broadcast: () => channel.broadcast(new Message('message', PAYLOAD)),
      async close() {
        await channel.close();
        await client.close();
      },
    };
  },
};

/** @type {Contender[]} */
export const contenders = [bare, betterSse, inMemory, inRedis];

export const contenderOf = (id) => contenders.find((contender) => contender.id === id);
