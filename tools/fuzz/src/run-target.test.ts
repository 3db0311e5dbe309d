import { expect, it } from 'vitest';
import { damage } from './damage.js';
import { fuzzTarget } from './fuzz-target.js';
import { randomNumbers } from './random-numbers.js';
import { type RunOptions, runTarget } from './run-target.js';

const numbers = (check: (input: number) => string) =>
  fuzzTarget({ name: 'numbers', input: (next) => next(1000), check, show: (input) => `<${input}>` });

const run = (check: (input: number) => string, options?: Partial<RunOptions>) =>
  runTarget(numbers(check), { seconds: 60, seed: 7, count: 500, ...options });

it('counts the kinds of outcomes, and gives the same for the same seed', () => {
  const parity = (input: number): string => (input % 2 === 0 ? 'even' : 'odd');
  const outcome = run(parity);
  expect(outcome).toMatchObject({ inputs: 500, found: undefined });
  expect([...outcome.kinds.values()].reduce((sum, count) => sum + count)).toBe(500);
  expect(run(parity)).toEqual(outcome);
  expect(run(parity, { seed: 8 })).not.toEqual(outcome);
});

it('ends when the time is over', () => {
  expect(run(() => 'ok', { seconds: 0.01, count: undefined }).inputs).toBeGreaterThan(0);
});

it('tells the seed and the input of what it finds', () => {
  const check = (input: number): string => {
    if (input > 950) throw new Error('too much');
    return 'ok';
  };
  const { found } = run(check);
  expect(found?.problem).toMatch(/^throws Error: too much/);
  expect(Number(found?.input.slice(1, -1))).toBeGreaterThan(950);
  const { seed, input } = found!;
  expect(run(check, { seed, count: 1 })).toMatchObject({ inputs: 0, found: { seed, input } });
});

it('finds what hangs', () => {
  const { found } = run(
    () => {
      for (;;);
    },
    { hangMs: 50 },
  );
  expect(found).toMatchObject({ problem: 'takes longer than 50 ms', seed: 7 });
});

it('finds what takes memory and keeps it', () => {
  const kept: Buffer[] = [];
  const { found } = run(
    () => {
      kept.push(Buffer.alloc(1024 * 1024, 1));
      return 'ok';
    },
    { growthBytes: 64 * 1024 * 1024 },
  );
  expect(found?.problem).toMatch(/^memory grew by \d+ MiB$/);
});

it('damages bytes the same way for the same numbers', () => {
  const sound = Buffer.from('some bytes that are sound');
  const all = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const damaged = damage(sound, randomNumbers(seed), ['\r\n', '*']);
    expect(damaged).toEqual(damage(sound, randomNumbers(seed), ['\r\n', '*']));
    all.add(Buffer.from(damaged).toString('latin1'));
  }
  expect(all.size).toBeGreaterThan(150);
  expect(sound.toString()).toBe('some bytes that are sound');
});
