import { type RedisServer, seededRandom, startFaultProxy } from '@redlane/redis-server';
import { expect } from 'vitest';
import { type ClientCacheOptions, clientCache } from '../../src/cache/index.js';
import { type ClientError, type ClientView, RedisClient } from '../../src/index.js';
import { Progress } from './progress.js';

const KEYS = 30;
const READERS = 20;
/** Room for about half of the entries. */
const MAX_BYTES = 12_000;
/** What clocks of milliseconds may differ by. */
const SLACK_MS = 3;
/** Changes of the network between two cuts. */
const STEPS_A_CUT = 10;

export interface CacheOracle {
  readonly server: RedisServer;
  readonly seed: number;
  readonly mode: NonNullable<ClientCacheOptions['mode']>;
  readonly reads: number;
  /** How often the connection is cut meanwhile. */
  readonly cuts: number;
}

/** What is known of one key. Each write has a number, its value; a flush has one, too. */
interface Known {
  /** A read that begins now must not bring anything older than this write: whatever reports it has been received. */
  floor: number;
  /** The last write after which the key may be missing: one with a time to live, or a flush. */
  missing: number;
  /** When a value of a write with a time to live is gone for certain. */
  readonly gone: Map<number, number>;
}

/**
 * Readers with a cache against a writer elsewhere, through delays, splits and cuts. Behind each write comes an ECHO on the
 * reader's own connection: when it is answered, everything that the server has reported about the write has come, and from
 * then on nobody may read anything older.
 */
export async function checkCache({ server, seed, mode, reads, cuts }: CacheOracle): Promise<void> {
  const random = seededRandom(seed);
  const upTo = (bound: number): number => Math.floor(random() * bound);
  const progress = new Progress();
  const known = new Map<string, Known>();
  for (let i = 0; i < KEYS; i++) known.set(`key:${i}`, { floor: 0, missing: 0, gone: new Map() });
  const keys = [...known.keys()];
  let issued = 0;

  await server.command('FLUSHALL');
  await using proxy = await startFaultProxy({ target: server, seed, logLimit: 1 });
  await using client = new RedisClient({
    host: proxy.host,
    port: proxy.port,
    timeoutMs: 30_000,
    reconnect: { minDelayMs: 1, maxDelayMs: 5 },
    clientCache: clientCache({ mode, maxBytes: MAX_BYTES }),
  });
  const fence = async (concerned: Iterable<Known>, write: number): Promise<void> => {
    await client.call('ECHO', '');
    for (const each of concerned) each.floor = Math.max(each.floor, write);
  };

  const writer = async (): Promise<void> => {
    const fences: Promise<void>[] = [];
    while (progress.done < reads) {
      const write = ++issued;
      const dice = random();
      if (dice < 0.03) {
        for (const each of known.values()) each.missing = write;
        await server.command('FLUSHALL');
        fences.push(fence(known.values(), write));
      } else {
        const key = keys[upTo(KEYS)] as string;
        const about = known.get(key) as Known;
        const ttl = dice < 0.2 ? 1 + upTo(30) : 0;
        if (ttl > 0) about.missing = write;
        await server.command('SET', key, String(write), ...(ttl > 0 ? ['PX', String(ttl)] : []));
        if (ttl > 0) about.gone.set(write, performance.now() + ttl + SLACK_MS);
        fences.push(fence([about], write));
      }
      // Long enough apart for some reads to be answered from the cache.
      if (fences.length > 3) await fences.shift();
      await new Promise((resolve) => setTimeout(resolve, upTo(3)));
    }
    await Promise.all(fences);
  };

  const read = (view: ClientView, key: string): Promise<string | null> =>
    random() < 0.7 ? view.cached('GET', key) : view.cached('GETRANGE', key, 0, -1);

  const reader = async (): Promise<void> => {
    while (progress.done < reads) {
      const key = keys[Math.min(upTo(KEYS), upTo(KEYS))] as string;
      const about = known.get(key) as Known;
      const { floor } = about;
      const begun = performance.now();
      const view = random() < 0.05 ? client.with({ timeoutMs: 1 + upTo(5) }) : client;
      const hits = client.cache?.metrics().hits;
      const reply = read(view, key);
      // Another request that was under way may have left the server before.
      const hit = client.cache?.metrics().hits !== hits;
      const value = await reply.catch((error: ClientError) => {
        if (view === client || error.code !== 'TIMEOUT') throw error;
        return undefined;
      });
      progress.step();
      if (value === undefined) continue;
      // GETRANGE shows a missing key as an empty text.
      const write = value === null || value === '' ? about.missing : Number(value);
      if (write < floor) {
        expect.fail(`${key} was read as ${value}, though the reports about write ${floor} had come before`);
      }
      if (write > issued) expect.fail(`${key} was read as ${value}, and nobody has written that`);
      const gone = about.gone.get(write);
      if (hit && value !== null && value !== '' && gone !== undefined && begun > gone)
        expect.fail(`${key} was read here as ${value} ${begun - gone} ms after its time to live`);
      const { bytes } = client.metrics().cache ?? { bytes: Number.NaN };
      expect(bytes).toBeLessThanOrEqual(MAX_BYTES);
    }
  };

  const trouble = async (): Promise<void> => {
    const steps = cuts * STEPS_A_CUT;
    for (let i = 1; i <= steps; i++) {
      if (random() < 0.5) {
        // What comes meanwhile comes in one packet: replies, and reports about them.
        proxy.set({ stalled: true }, 'toClient');
        await new Promise((resolve) => setTimeout(resolve, 1 + upTo(8)));
        proxy.set({});
      } else proxy.set({ delayMs: upTo(4), ...(random() < 0.3 ? { split: 1 + upTo(40) } : {}) });
      await progress.until(Math.floor((reads / (steps + 1)) * i));
      if (i % STEPS_A_CUT === 0) proxy.cut(random() < 0.5 ? 'FIN' : 'RST');
    }
    proxy.set({});
  };

  // The first failure ends the run for all, and the client is closed when nobody uses it any more.
  let failure: unknown;
  const all = [writer(), trouble(), ...Array.from({ length: READERS }, reader)].map((one) =>
    one.catch((error: unknown) => {
      failure ??= error;
      while (progress.done < reads) progress.step();
    }),
  );
  await Promise.all(all);
  if (failure !== undefined) throw failure;

  const { cache, lost } = client.metrics();
  expect(lost).toBeGreaterThanOrEqual(cuts);
  expect(cache?.tracking).toBe('on');
  // The run has been one of a cache, and not of reads from the server.
  expect(cache?.hits).toBeGreaterThan(reads / 10);
  expect(cache?.misses).toBeGreaterThan(reads / 1_000);
  expect(cache?.shared).toBeGreaterThan(0);
  expect(cache?.invalidations).toBeGreaterThan(0);
  expect(cache?.evictions).toBeGreaterThan(0);
  client.cache?.clear();
  expect(client.metrics().cache).toMatchObject({ entries: 0, bytes: 0 });
}
