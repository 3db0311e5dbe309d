import { expect, it } from 'vitest';
import { parseSoakOptions } from './soak-options.js';

const parse = (...args: string[]) => parseSoakOptions(args, ['client', 'cache']);

it('takes three minutes, a random seed and all scenarios by default', () => {
  const { seed, ...rest } = parse();
  expect(rest).toEqual({
    durationMs: 180_000,
    driver: 'redlane',
    only: [],
    defects: new Set(),
    results: undefined,
  });
  expect(Number.isInteger(seed)).toBe(true);
});

it('takes what is said', () => {
  expect(
    parse(
      '--minutes',
      '1.5',
      '--seed',
      '42',
      '--driver',
      'ioredis',
      '--only',
      'cache',
      '--defect',
      'drop,heap',
    ),
  ).toMatchObject({
    durationMs: 90_000,
    seed: 42,
    driver: 'ioredis',
    only: ['cache'],
    defects: new Set(['drop', 'heap']),
  });
  expect(parse('--seconds', '15').durationMs).toBe(15_000);
});

it.each([
  ['--seconds', 'soon'],
  ['--seconds', '0.5'],
  ['--minutes', ''],
  ['--driver', 'netcat'],
  ['--only', 'nothing'],
  ['--defect', 'everything'],
  ['--sedes', '1'],
])('refuses %s %j', (...args) => {
  expect(() => parse(...args)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});
