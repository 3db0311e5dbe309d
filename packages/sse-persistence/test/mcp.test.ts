import { type RedisServer, startServer } from '@redlane/redis-server';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisEventStore, type RedisEventStoreOptions } from '../src/index.js';

/** The interface of `@modelcontextprotocol/sdk`, as far as a store sees it. */
interface EventStore {
  storeEvent(streamId: string, message: JSONRPCMessage): Promise<string>;
  getStreamIdForEventId?(eventId: string): Promise<string | undefined>;
  replayEventsAfter(
    lastEventId: string,
    { send }: { send: (eventId: string, message: JSONRPCMessage) => Promise<void> },
  ): Promise<string>;
}
type JSONRPCMessage = { jsonrpc: '2.0'; method: string } | { jsonrpc: '2.0'; id: number; result: object };

let server: RedisServer;
let redis: Redis;
beforeAll(async () => {
  server = await startServer();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => server.command('FLUSHALL'));

const drivers = [
  { name: 'our client', source: () => server.url },
  { name: 'ioredis', source: () => redis },
];

const note = (method: string): JSONRPCMessage => ({ jsonrpc: '2.0', method });

describe.each(drivers)('an event store over $name', ({ source }) => {
  const storeOf = (options: Partial<RedisEventStoreOptions> = {}) =>
    new RedisEventStore<JSONRPCMessage>(source(), { session: 'one', ...options });

  async function replayed(store: EventStore, lastEventId: string) {
    const sent: [id: string, message: JSONRPCMessage][] = [];
    const streamId = await store.replayEventsAfter(lastEventId, {
      send: async (...event) => void sent.push(event),
    });
    return { sent, streamId };
  }

  it('replays what came behind an event in its stream, on another node', async () => {
    await using here: EventStore & AsyncDisposable = storeOf();
    await using there = storeOf();
    const ids: string[] = [];
    for (let i = 0; i < 1_200; i++) {
      ids.push(await here.storeEvent(i % 3 === 0 ? 'a' : '_GET_stream', note(`${i}`)));
    }
    const { sent, streamId } = await replayed(there, ids[300] as string);
    const expected = ids.flatMap((id, i) => (i > 300 && i % 3 === 0 ? [[id, note(`${i}`)]] : []));
    expect(streamId).toBe('a');
    expect(sent).toEqual(expected);
    expect(await replayed(here, ids.at(-1) as string)).toEqual({ sent: [], streamId: '_GET_stream' });
    expect(new Set(ids).size).toBe(1_200);
  });

  it('knows the stream of an id, whatever its name is', async () => {
    await using store = storeOf();
    for (const name of ['a~b', 'ü\n', '%', 'x.y']) {
      const id = await store.storeEvent(name, note('m'));
      expect(id).toMatch(/^[\x21-\x7e]+$/);
      expect(await store.getStreamIdForEventId(id)).toBe(name);
    }
    expect(await store.getStreamIdForEventId('nonsense')).toBeUndefined();
  });

  it('has nothing of other sessions', async () => {
    await using one = storeOf();
    await using two = storeOf({ session: 'two' });
    const id = await one.storeEvent('a', note('secret'));
    await one.storeEvent('a', note('secret'));
    await two.storeEvent('a', note('other'));
    await expect(replayed(two, id)).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
  });

  it.each(['', 'nonsense', 'e.1~a~b', 'e.1~%', 'e.1~a', '~a'])('does not find %j', async (id) => {
    await using store = storeOf();
    await store.storeEvent('a', note('m'));
    await expect(replayed(store, id)).rejects.toMatchObject({ name: 'SseError', code: 'EVENT_NOT_FOUND' });
  });

  it('says so when something is missing, rather than to leave it out', async () => {
    await using store = storeOf({ size: 100 });
    const first = await store.storeEvent('a', note('first'));
    for (let i = 0; i < 500; i++) await store.storeEvent('a', note(`${i}`));
    await expect(replayed(store, first)).rejects.toMatchObject({ code: 'EVENT_NOT_FOUND' });
  });

  it('stops when it cannot send', async () => {
    await using store = storeOf();
    const id = await store.storeEvent('a', note('1'));
    await store.storeEvent('a', note('2'));
    const send = () => Promise.reject(new Error('closed'));
    await expect(store.replayEventsAfter(id, { send })).rejects.toThrow('closed');
  });

  it('keeps nothing for ever, and nothing after its removal', async () => {
    await using store = storeOf({ ageMs: 60_000 });
    await store.storeEvent('a', note('m'));
    for (const key of (await server.command('KEYS', '*')) as string[]) {
      expect(Number(await server.command('PTTL', key))).toBeGreaterThan(0);
    }
    await store.remove();
    expect(await server.command('KEYS', '*:log')).toEqual([]);
  });
});

it.each([
  [{ session: '' }, 'session'],
  [{ session: 'one', ageMs: 999 }, 'ageMs'],
])('refuses %j', (options, option) => {
  const make = () => new RedisEventStore(server.url, options);
  expect(make).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
});
