import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisServer, seededRandom, startFaultProxy } from '@redlane/redis-server';
import { expect } from 'vitest';
import { ClientType, type PubSubGap } from '../../src/index.js';
import type { Bed } from './beds.js';

export interface DurableKills {
  readonly server: RedisServer;
  readonly bed: Bed;
  readonly messages: number;
  readonly kills: number;
  readonly seed: number;
}

/** How many are published at a time. */
const BATCH = 100;

/**
 * Publishes numbered durable messages while the subscriber's connections are cut at random moments and at random bytes: the
 * listener is called with each exactly once, in order.
 */
export async function checkDurable({ server, bed, messages, kills, seed }: DurableKills): Promise<void> {
  const random = seededRandom(seed);
  await using proxy = await startFaultProxy({ target: server, seed, logLimit: 1 });
  const publisher = await bed.open(ClientType.PUB_SUB, server);
  const subscriber = await bed.open(ClientType.PUB_SUB, proxy);
  const gaps: PubSubGap[] = [];
  subscriber.on('gap', (gap) => gaps.push(gap));
  let expected = 0;
  let wrong: string | undefined;
  let finished: () => void = () => undefined;
  const done = new Promise<void>((resolve) => {
    finished = resolve;
  });
  const listener = await subscriber.registerListener(
    async (_, message) => {
      if (Number(message) !== expected) wrong ??= `${message} came instead of ${expected}`;
      expected++;
      // A slow one now and then, so that it falls behind what a process keeps.
      if (random() < 0.0005) await sleep(2);
      if (expected === messages) finished();
    },
    'durable',
    { replay: true, queue: { limit: 50 } },
  );
  let killed = 0;
  for (let from = 0; from < messages; from += BATCH) {
    await Promise.all(
      Array.from({ length: BATCH }, (_, i) => publisher.publishDurable('durable', String(from + i))),
    );
    while (killed < (kills * from) / messages) {
      killed++;
      // Both now, in the midst of a reply, and in a packet that is still to come.
      if (random() < 0.5) proxy.cut(random() < 0.5 ? 'RST' : 'FIN');
      else proxy.set({ cutAfter: { bytes: Math.floor(random() * 20_000), by: 'RST' } }, 'toClient');
    }
  }
  await proxy.restore();
  await done;
  expect(wrong).toBeUndefined();
  expect(listener.stats).toMatchObject({ received: messages, delivered: messages, failed: 0, dropped: 0 });
  // What was missed was filled, and nothing else is claimed.
  for (const gap of gaps) expect(gap).toMatchObject({ filled: true, channel: 'durable' });
  expect(gaps.length).toBeGreaterThan(0);
  await Promise.all([subscriber.close(), publisher.close()]);
}
