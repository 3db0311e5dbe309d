import { type RedisServer, seededRandom, startFaultProxy } from '@redlane/redis-server';
import { expect } from 'vitest';
import type { RedisClient } from '../../src/index.js';
import { Progress } from './progress.js';
import { clientOf } from './test-server.js';
import { makeTrouble } from './trouble.js';

export interface OracleOptions {
  readonly server: RedisServer;
  readonly seed: number;
  /** How many commands there will be, about. */
  readonly commands: number;
  /** How often the connection is lost meanwhile. */
  readonly reconnects: number;
}

/** What the callers of an oracle have. */
export interface Stage {
  readonly client: RedisClient;
  readonly random: () => number;
  /** To be stepped once a command. */
  readonly progress: Progress;
}

/**
 * Lets so many callers work with one client while its connections are troubled. In the end the client and the proxy are
 * closed, and nothing was left pending.
 */
export async function runInTrouble(
  { server, seed, commands, reconnects }: OracleOptions,
  callers: number,
  work: (stage: Stage) => Promise<void>,
): Promise<void> {
  const random = seededRandom(seed);
  const progress = new Progress();
  await using proxy = await startFaultProxy({ target: server, seed, logLimit: 1 });
  await using client = clientOf(proxy, {
    timeoutMs: 30_000,
    silenceTimeoutMs: 500,
    pingIntervalMs: 100,
    connectTimeoutMs: 1_000,
    reconnect: { minDelayMs: 1, maxDelayMs: 10 },
  });
  await Promise.all([
    makeTrouble({ proxy, random, progress, commands, breaks: reconnects }),
    ...Array.from({ length: callers }, () => work({ client, random, progress })),
  ]);
  expect(client.metrics()).toMatchObject({ pending: 0, pendingBytes: 0 });
  expect(client.metrics().lost).toBeGreaterThanOrEqual(reconnects);
}
