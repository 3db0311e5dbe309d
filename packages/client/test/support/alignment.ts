import { type RedisServer, seededRandom, startFaultProxy } from '@redlane/redis-server';
import { expect } from 'vitest';
import { type Caller, type ClientError, RedisClient } from '../../src/index.js';
import { Progress } from './progress.js';
import { makeTrouble } from './trouble.js';

const CALLERS = 200;

export interface Alignment {
  readonly server: RedisServer;
  readonly seed: number;
  readonly commands: number;
  readonly reconnects: number;
}

/**
 * Callers that ask for the echo of something unique, and give up at random, while the connection is troubled: what they
 * get is what they asked for, and each of them gets something.
 */
export async function checkAlignment({ server, seed, commands, reconnects }: Alignment): Promise<void> {
  const random = seededRandom(seed);
  const progress = new Progress();
  const answered = { replies: 0, TIMEOUT: 0, ABORTED: 0 };
  let asked = 0;
  await using proxy = await startFaultProxy({ target: server, seed, logLimit: 1 });
  await using client = new RedisClient({
    host: proxy.host,
    port: proxy.port,
    timeoutMs: 30_000,
    silenceTimeoutMs: 250,
    pingIntervalMs: 100,
    connectTimeoutMs: 1_000,
    reconnect: { minDelayMs: 1, maxDelayMs: 10 },
  });

  /** A view that will give up, or not. */
  const mood = (): Caller => {
    const dice = random();
    if (dice < 0.8) return client;
    if (dice < 0.9) return client.with({ timeoutMs: 1 + Math.floor(random() * 10) });
    const quits = new AbortController();
    const moment = random();
    if (moment < 0.3) queueMicrotask(() => quits.abort());
    else if (moment < 0.6) setImmediate(() => quits.abort());
    else setTimeout(() => quits.abort(), random() * 8);
    return client.with({ signal: quits.signal });
  };

  const word = (): string => {
    const size = random() < 0.0005 ? 70_000 : random() < 0.1 ? Math.floor(random() * 1_000) : 0;
    return `${++asked}:${'x'.repeat(size)}`;
  };

  const ask = async (view: Caller): Promise<void> => {
    const kind = random();
    if (kind < 0.9) {
      const sent = word();
      const got = await view.call('ECHO', sent);
      if (got !== sent) expect.fail(`asked for ${sent.slice(0, 20)}, got ${String(got).slice(0, 20)}`);
    } else if (kind < 0.95) {
      const sent = word();
      const got = await view.with({ replies: 'bytes' }).call<Uint8Array>('ECHO', sent);
      if (Buffer.from(got).toString() !== sent) expect.fail(`asked for the bytes of ${sent.slice(0, 20)}`);
    } else {
      const sent = [word(), word(), word()];
      const got = await view.pipeline(sent.map((each) => ['ECHO', each]));
      expect(got).toEqual(sent);
    }
    answered.replies++;
  };

  const caller = async (): Promise<void> => {
    while (progress.done < commands) {
      const view = mood();
      await ask(view).catch((error: ClientError) => {
        if (view === client || (error.code !== 'TIMEOUT' && error.code !== 'ABORTED')) throw error;
        answered[error.code]++;
      });
      progress.step();
    }
  };

  await Promise.all([
    makeTrouble({ proxy, random, progress, commands, breaks: reconnects }),
    ...Array.from({ length: CALLERS }, caller),
  ]);
  expect(client.metrics()).toMatchObject({ pending: 0, pendingBytes: 0 });
  expect(client.metrics().lost).toBeGreaterThanOrEqual(reconnects);
  // All three did happen.
  expect(Math.min(answered.replies, answered.TIMEOUT, answered.ABORTED)).toBeGreaterThan(0);
}
