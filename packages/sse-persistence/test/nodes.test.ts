import { channel as diagnostics } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { RedisServer } from '@redlane/redis-server';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  Message,
  type ServerSentEvent,
  SSEChannel,
  type SSEChannelOptions,
  type SseChannelEvent,
} from '../src/index.js';
import { type Listening, listen } from './support/listen.js';
import { SseClient } from './support/sse-client.js';
import { testServer } from './support/test-server.js';
import { type Way, ways } from './support/ways.js';

const server = await testServer();
const durable = await testServer({ persistence: 'always' });

interface Node {
  readonly channel: SSEChannel;
  readonly url: string;
  stop(): Promise<void>;
}

describe.each(ways)('nodes over $name', ({ open }) => {
  const nodes: Node[] = [];
  beforeEach(() => async () => {
    for (const node of nodes.splice(0)) await node.stop();
  });

  /** A process with a driver of its own. The listener is in the query. */
  const nodeOf = async (redis: RedisServer = server, options: SSEChannelOptions = {}): Promise<Node> => {
    const way: Way = open(redis);
    const channel = new SSEChannel({
      channelId: 'news',
      driver: way.driver,
      sessions: { retryMs: 10, refusalRetryMs: 10, ...(options.sessions as object) },
      repository: { log: { checkMs: 200, ...options.repository?.log } },
    });
    const http: Listening = await listen(
      createServer((req, res) => {
        const listener = new URL(req.url ?? '', 'http://x').searchParams.get('listener') ?? undefined;
        channel.pipe(req, res, { listener }).catch(() => res.destroy());
      }),
    );
    let stopped: Promise<void> | undefined;
    const stop = async (): Promise<void> => {
      await http[Symbol.asyncDispose]();
      await channel.close();
      await way[Symbol.asyncDispose]();
    };
    const node: Node = {
      channel,
      url: http.url,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
    nodes.push(node);
    return node;
  };

  const join = async ({ url }: Node, listener: string, lastEventId?: string): Promise<SseClient> => {
    const client = await SseClient.open(
      `${url}/?listener=${listener}`,
      lastEventId === undefined ? {} : { lastEventId },
    );
    // Priming: the cursor of who has seen nothing yet.
    await client.until((reader) => reader.lastEventId !== '');
    return client;
  };

  it('unicast from a third, which serves nobody, and broadcast from any', async () => {
    const [one, two, three] = [await nodeOf(), await nodeOf(), await nodeOf()];
    using ann = await join(one, 'ann');
    using bob = await join(two, 'bob');
    const rounds = 50;
    for (let i = 0; i < rounds; i++) {
      await Promise.all([
        three.channel.dispatch('ann', new Message('u', `ann ${i}`)),
        three.channel.dispatch('bob', new Message('u', `bob ${i}`)),
        [one, two, three][i % 3]?.channel.broadcast(new Message('b', `all ${i}`)),
      ]);
    }
    await Promise.all([ann.received(2 * rounds), bob.received(2 * rounds)]);
    for (const [client, name] of [
      [ann, 'ann'],
      [bob, 'bob'],
    ] as const) {
      const numbers = Array.from({ length: rounds }, (_, i) => i);
      expect(client.data.filter((text) => text.startsWith(name))).toEqual(numbers.map((i) => `${name} ${i}`));
      expect(client.data.filter((text) => text.startsWith('all'))).toEqual(numbers.map((i) => `all ${i}`));
      expect(client.data.length).toBe(2 * rounds);
    }
    expect(three.channel.stats()).toMatchObject({ dispatched: 2 * rounds, readers: 0, lag: 0 });
    await expect(three.channel.dispatch('eve', new Message('u'))).rejects.toMatchObject({
      code: 'INVALID_LISTENER',
    });
  });

  it('a listener moves from node to node, and sees everything once', async () => {
    const all = [await nodeOf(), await nodeOf()];
    const seen: string[] = [];
    let id: string | undefined;
    const sender = all[0]?.channel as SSEChannel;
    for (let turn = 0; turn < 6; turn++) {
      using client = await join(all[turn % 2] as Node, 'ann', id);
      await sender.dispatch('ann', new Message('m', `${turn} here`));
      await client.received(turn === 0 ? 1 : 2);
      seen.push(...client.data);
      id = client.reader.lastEventId;
      client.close();
      await sender.broadcast(new Message('m', `${turn} away`));
    }
    const expected = Array.from({ length: 6 }, (_, turn) => [`${turn} here`, `${turn} away`]).flat();
    expect(seen).toEqual(expected.slice(0, -1));
  });

  it('take a listener over from another process, or refuse it there', async () => {
    const [one, two, polite] = [
      await nodeOf(),
      await nodeOf(),
      await nodeOf(server, { sessions: { listenerPolicy: 'refuse' } }),
    ];
    using first = await join(one, 'ann');
    expect(await one.channel.presence()).toEqual(['ann']);
    using refused = await SseClient.open(`${polite.url}/?listener=ann`);
    expect(await refused.over).toBe(true);
    expect(refused.reader.retry).toBeGreaterThan(0);
    using second = await join(two, 'ann');
    await first.over;
    expect(first.events.map(({ type }) => type)).toEqual(['taken-over']);
    await polite.channel.dispatch('ann', new Message('m', 'x'));
    await second.received(1);
    expect(second.data).toEqual(['x']);
    second.close();
    await expect.poll(() => two.channel.presence()).toEqual([]);
    using third = await join(polite, 'ann');
    expect(third.events).toEqual([]);
    expect([one.channel.stats().takenOver, polite.channel.stats().refused]).toEqual([1, 1]);
  });

  it('end a listener in all processes: 204 from then on', async () => {
    const [one, two] = [await nodeOf(), await nodeOf()];
    using ann = await join(one, 'ann');
    await two.channel.removeListener('ann');
    await ann.over;
    for (const node of [one, two]) {
      using again = await SseClient.open(`${node.url}/?listener=ann`);
      expect(again.response.statusCode).toBe(204);
    }
    await two.channel.end();
    using anybody = await SseClient.open(one.url);
    expect(anybody.response.statusCode).toBe(204);
  });

  it('what was sent to a listener before it came is there', async () => {
    const [one, two] = [await nodeOf(), await nodeOf()];
    const listener = await one.channel.addListener();
    await two.channel.dispatch(listener.id, new Message('m', 'early'));
    using client = await join(two, listener.id);
    await client.received(1);
    expect(client.data).toEqual(['early']);
  });

  it('FLUSHALL is a reset, and what follows arrives', async () => {
    const heard: SseChannelEvent[] = [];
    const listener = (message: unknown) => heard.push(message as SseChannelEvent);
    diagnostics('redlane:sse-channel').subscribe(listener);
    const [one, two] = [await nodeOf(), await nodeOf()];
    using ann = await join(one, 'ann');
    await two.channel.broadcast(new Message('m', 'before'));
    await ann.received(1);
    await server.command('FLUSHALL');
    await two.channel.broadcast(new Message('m', 'unseen or seen'));
    await ann.until(({ events }) => events.some(({ type }) => type === 'reset'));
    await two.channel.broadcast(new Message('m', 'after'));
    await ann.until(({ events }) => events.at(-1)?.data === 'after');
    expect(one.channel.stats().resets).toBe(1);
    expect(heard).toContainEqual({ event: 'reset', channel: 'news', listener: 'ann', reason: 'epoch' });
    diagnostics('redlane:sse-channel').unsubscribe(listener);
  });

  it('a cursor behind what was trimmed is a reset', async () => {
    const node = await nodeOf(server, {
      repository: { log: { history: { size: 10, exact: true }, ring: { size: 0 } } },
    });
    const id = await node.channel.broadcast(new Message('m', 0));
    for (let i = 1; i <= 20; i++) await node.channel.broadcast(new Message('m', i));
    using late = await join(node, 'ann', id);
    await late.received(1);
    expect(late.events[0]).toMatchObject({ type: 'reset' });
    expect(JSON.parse(late.data[0] ?? '')).toMatchObject({ reason: 'trimmed' });
  });

  it('killed subscribers lose nothing', async () => {
    const [one, two] = [await nodeOf(), await nodeOf()];
    using ann = await join(one, 'ann');
    for (let i = 0; i < 60; i++) {
      if (i % 20 === 10) await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
      await two.channel.dispatch('ann', new Message('m', `${i}`));
    }
    await ann.received(60);
    expect(ann.data).toEqual(Array.from({ length: 60 }, (_, i) => `${i}`));
    expect(one.channel.stats().resets).toBe(0);
  });

  it('a restart of Redis with an append-only file loses nothing', async () => {
    const [one, two] = [await nodeOf(durable), await nodeOf(durable)];
    using ann = await join(one, 'ann');
    await two.channel.dispatch('ann', new Message('m', 'before'));
    await two.channel.broadcast(new Message('m', 'before, too'));
    await ann.received(2);
    await durable.restart('SIGKILL');
    const again = async (what: string, send: () => Promise<unknown>): Promise<void> => {
      // With an idempotency key it is done once.
      await expect.poll(() => send().then(() => what, String), { timeout: 10_000 }).toBe(what);
    };
    await again('u', () => two.channel.dispatch('ann', new Message('m', 'after'), { idempotencyKey: 'u' }));
    await again('b', () => two.channel.broadcast(new Message('m', 'after, too'), { idempotencyKey: 'b' }));
    await ann.received(4);
    expect(ann.data).toEqual(['before', 'before, too', 'after', 'after, too']);
    expect(one.channel.stats().resets).toBe(0);
  });

  it('publish while others open: each sees its own part, whole and in order', async () => {
    const [one, two, three] = [await nodeOf(), await nodeOf(), await nodeOf()];
    const total = 200;
    const listener = await one.channel.addListener();
    listener.start();
    const ids: (string | undefined)[] = [await three.channel.position()];
    const sending = (async () => {
      for (let i = 0; i < total; i++) ids.push(await three.channel.broadcast(new Message('m', i)));
    })();
    const collect = async (channel: SSEChannel, at: number): Promise<[number, string[]]> => {
      const lastEventId = ids[at] as string;
      const events = channel.messageStream(listener, { lastEventId, policy: 'share' });
      const data: string[] = [];
      while (data.length < total - at) {
        const { value } = (await events.next()) as { value: ServerSentEvent };
        data.push(value.data);
      }
      await events.return?.();
      return [at, data];
    };
    const readers: Promise<[number, string[]]>[] = [];
    while (ids.length <= total) {
      readers.push(collect((readers.length % 2 === 0 ? one : two).channel, ids.length - 1));
      await new Promise(setImmediate);
    }
    await sending;
    expect(readers.length).toBeGreaterThan(10);
    for (const [at, data] of await Promise.all(readers)) {
      expect(data).toEqual(Array.from({ length: total - at }, (_, i) => String(at + i)));
    }
  });
});
