import { setTimeout as sleep } from 'node:timers/promises';
import { type ClientView, RedisClient } from '@redlane/client';
import { clientCache } from '@redlane/client/cache';
import { Loops } from '../loops.js';
import type { Scenario } from '../scenario.js';
import { clientOptions } from '../way.js';

const KEYS = 30;
const READERS = 8;
/** Room for about half of the entries. */
const MAX_BYTES = 12_000;
/** Writes whose reports may be on their way at a time. */
const FENCES = 3;

/** What is known of one key. Each write has a number, its value; a removal has one, too. */
interface Known {
  readonly key: string;
  /** A read that begins now must not bring anything older than this write: whatever reports it has been received. */
  floor: number;
  /** The last write after which the key may be missing: one with a time to live, or a removal. */
  missing: number;
}

/**
 * Readers with a client-side cache against a writer elsewhere. Behind each write comes an ECHO on the readers' connection:
 * when that is answered, all that the server has reported of the write has come, and from then on nobody may read anything
 * older. Always over `RedisClient`, which alone has a cache.
 */
export const cache: Scenario = {
  name: 'cache',
  async start(context) {
    const { random, proxy, direct, tamper, problem } = context;
    const upTo = (bound: number): number => Math.floor(random() * bound);
    const keys = Array.from(
      { length: KEYS },
      (_, i): Known => ({ key: `soak:cache:${i}`, floor: 0, missing: 0 }),
    );
    const client = new RedisClient({
      ...clientOptions(proxy),
      clientCache: clientCache({ maxBytes: MAX_BYTES }),
    });
    await client.connect();
    const loops = new Loops();
    const fences = new Set<Promise<void>>();
    let reads = 0;
    let writes = 0;

    const fence = async (about: Known, write: number): Promise<void> => {
      try {
        await client.call('ECHO', '');
        about.floor = Math.max(about.floor, write);
      } catch (error) {
        context.failed(error);
      }
    };
    loops.run(async () => {
      const about = keys[upTo(KEYS)] as Known;
      const write = ++writes;
      const roll = random();
      if (roll < 0.2) about.missing = write;
      if (roll < 0.05) await direct.call('UNLINK', about.key);
      else await direct.call('SET', about.key, write, ...(roll < 0.2 ? ['PX', 1 + upTo(30)] : []));
      const fenced = fence(about, write).finally(() => fences.delete(fenced));
      fences.add(fenced);
      if (fences.size > FENCES) await Promise.race(fences);
      await sleep(upTo(6));
    }, context.failed);

    const read = (view: ClientView, key: string): Promise<string | null> =>
      random() < 0.7 ? view.cached('GET', key) : view.cached('GETRANGE', key, 0, -1);
    for (let i = 0; i < READERS; i++) {
      loops.run(async () => {
        const about = keys[Math.min(upTo(KEYS), upTo(KEYS))] as Known;
        const { key, floor } = about;
        const view = random() < 0.05 ? client.with({ timeoutMs: 1 + upTo(5) }) : client;
        const value = tamper.answer(await read(view, key));
        reads++;
        // GETRANGE shows a missing key as an empty text.
        const write = value === null || value === '' ? about.missing : Number(value);
        if (write < floor)
          problem(`${key} was read as ${value}, though the reports about write ${floor} had come before`);
        if (write > writes) problem(`${key} was read as ${value}, and nobody has written that`);
        if (random() < 0.5) await sleep(upTo(10));
      }, context.failed);
    }

    return {
      progress: () => reads,
      stop: async () => {
        await loops.end();
        await Promise.all(fences);
        const { cache: metrics } = client.metrics();
        if (metrics?.tracking !== 'on') problem(`in the end the cache is ${metrics?.tracking}`);
        if (metrics === undefined || metrics.bytes > MAX_BYTES)
          problem(`the cache holds ${metrics?.bytes} bytes`);
        await client.close();
        const { hits = 0, misses = 0, invalidations = 0 } = metrics ?? {};
        if (hits === 0 || misses === 0) problem(`the cache had ${hits} hits and ${misses} misses`);
        return { reads, writes, hits, misses, invalidations };
      },
    };
  },
};
