import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fuzzCli } from './fuzz-cli.js';
import { fuzzTarget } from './fuzz-target.js';

const target = (name: string, check: () => string) =>
  fuzzTarget({ name, input: (next) => next(2), check, show: String });
const good = target('good', () => 'fine');
const bad = target('bad', () => {
  throw new Error('broken');
});

let lines: string[];
const status = process.exitCode;
beforeEach(() => {
  lines = [];
  for (const method of ['log', 'error'] as const)
    vi.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(String(line)));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = status;
});

const statusOf = (...args: string[]): number | string | undefined => {
  process.exitCode = undefined;
  fuzzCli([good, bad], args);
  return process.exitCode;
};

it('runs all targets, and fails when one has', () => {
  expect(statusOf('--seed', '3', '--count', '5')).toBe(1);
  expect(lines.join('\n')).toContain('good: 5 inputs, nothing found');
  expect(lines.join('\n')).toContain('reproduce: --target bad --seed 3 --count 1');
});

it('runs the one that is named', () => {
  expect(statusOf('--target', 'good', '--count', '5')).toBeUndefined();
  expect(lines.join('\n')).toContain('  fine: 5');
});

it.each([[['--seconds', '0']], [['--seed', 'x']], [['--count', '-1']], [['--target', 'none']], [['--what']]])(
  'explains itself for %j',
  (args) => {
    expect(statusOf(...args)).toBe(2);
    expect(lines.join('\n')).toMatch(/^usage: .*\ntargets: good, bad$/);
  },
);
