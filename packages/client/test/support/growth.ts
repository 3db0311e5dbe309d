import type { RedisServer } from '@redlane/redis-server';
import { expect } from 'vitest';
import { runScript } from './run-script.js';

interface Left {
  readonly lost: number;
  readonly growth: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Loses so many connections in a process of its own, and looks at what they have left behind. */
export async function checkReconnects({ host, port }: RedisServer, rounds: number): Promise<void> {
  const printed = await runScript('reconnects.ts', [host, String(port), String(rounds)], 300_000);
  const { lost, growth, before, after } = JSON.parse(printed) as Left;
  expect(lost).toBeGreaterThanOrEqual(rounds);
  expect(after).toEqual(before);
  // Far less than a connection's buffers, let alone as many as were lost.
  expect(growth).toBeLessThan(500_000);
}
