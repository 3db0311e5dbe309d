import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';
import type { RedisDriver } from '../../src/driver.js';
import { type AppendOptions, StreamLog } from '../../src/stream-log/index.js';

const TARGETS = [undefined, 'x', 'y', 'z'] as const;

interface Written extends AppendOptions {
  readonly offset: number;
  readonly position: string;
  readonly text: string;
}

export interface Race {
  readonly server: RedisServer;
  /** Of two processes, so to speak: they share nothing but the server. */
  readonly drivers: readonly [RedisDriver, RedisDriver];
  /** Appends go over a connection of their own, which nobody kills. */
  readonly writer: RedisDriver;
  readonly seed: number;
}

/**
 * Appends while readers open from all sorts of cursors, are slow or quick, and lose their subscriptions: each sees what is
 * for it and behind its cursor, in order, without loss or duplicate.
 */
export async function checkRace({ server, drivers, writer, seed }: Race): Promise<void> {
  const random = seededRandom(seed);
  const some = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const soon = (): Promise<void> =>
    new Promise((resolve) => (random() < 0.6 ? setImmediate(resolve) : setTimeout(resolve, random() * 3)));
  const options = {
    keys: `race:${seed}`,
    pageSize: some([1, 3, 100]),
    ring: { size: some([0, 2, 8, 256]) },
    checkMs: 200,
    lingerMs: some([0, 1_000]),
    replies: 'string',
  } as const;
  const log = new StreamLog(writer, options);
  const nodes = drivers.map((driver) => new StreamLog(driver, options));
  const written: Written[] = [];
  const start = await log.position();

  const append = async (text: string): Promise<void> => {
    const target = some(TARGETS);
    const exclude = random() < 0.2 ? some(TARGETS) : undefined;
    const to = random() < 0.4 ? { target } : { exclude };
    written.push({ ...to, text, ...(await log.append({ text }, to)) });
  };
  const count = 20 + Math.floor(random() * 30);
  const appends = (async () => {
    for (let i = 0; i < count; i++) {
      await (random() < 0.5 ? append(`${i}`) : Promise.all([append(`${i}`), append(`${i}+`)]));
      if (random() < 0.5) await soon();
    }
    await log.append({ text: 'end' });
  })();

  const follow = async (): Promise<void> => {
    await soon();
    const begin = random() < 0.3 ? start : (some(written)?.position ?? start);
    const target = some(TARGETS);
    const seen: string[] = [];
    const patience = random();
    for await (const event of some(nodes).open(begin, { target })) {
      if (event.type === 'reset') expect.fail(`a reset (${event.reason}) at ${begin} for ${target}`);
      if (event.type === 'open') expect(event.position).toBe(begin);
      else {
        const { text } = event.data;
        if (text === 'end') break;
        seen.push(event.position);
      }
      if (random() < patience / 4) await soon();
    }
    await appends;
    const after = Number(begin.split('.')[1]);
    const expected = written
      .filter(({ offset }) => offset > after)
      .filter((each) =>
        each.target === undefined
          ? each.exclude === undefined || each.exclude !== target
          : each.target === target,
      )
      .sort((one, other) => one.offset - other.offset)
      .map(({ position }) => position);
    expect(seen).toEqual(expected);
  };
  const cut = async (): Promise<void> => {
    if (random() < 0.7) return;
    await soon();
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
  };
  await Promise.all([appends, cut(), ...Array.from({ length: 8 }, follow)]);
  await Promise.all([...nodes, log].map((each) => each.close()));
}
