import { expect, it } from 'vitest';
import { chooseSteps } from './choose-steps.js';
import type { Runtime } from './runtimes.js';

const runtimeOf = (kind: Runtime['kind'], name: string): Runtime => ({
  kind,
  name,
  version: '1.2.3',
  binary: '',
  args: [],
});
const steps = [runtimeOf('node', 'Node 24'), runtimeOf('bun', 'Bun 1')].flatMap((runtime) => [
  { part: 'core' as const, runtime, column: 'RESP3' },
  { part: 'core' as const, runtime, column: 'RESP2' },
  { part: 'suites' as const, runtime, column: 'client' },
  { part: 'install' as const, runtime, column: 'bun' },
]);
const chosen = (...words: string[]): string[] =>
  chooseSteps(steps, words).map(({ runtime, column }) => `${runtime.kind} ${column}`);

it('all without words, and what words of several kinds have in common', () => {
  expect(chosen()).toHaveLength(8);
  expect(chosen('Bun', 'core')).toEqual(['bun RESP3', 'bun RESP2']);
  expect(chosen('bun')).toEqual(['bun RESP3', 'bun RESP2', 'bun client', 'bun bun']);
  expect(chosen('node24', 'bun', 'resp2', 'client')).toEqual([
    'node RESP2',
    'node client',
    'bun RESP2',
    'bun client',
  ]);
});

it('a word that chooses nothing is an error that says what would', () => {
  expect(() => chosen('nodee')).toThrow(/"nodee" chooses nothing; use core, suites, install, node, node24/);
});
