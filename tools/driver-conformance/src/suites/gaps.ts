import type { Gap, Message, Topic } from '@redlane/client';
import { expect, it } from 'vitest';
import { Collector } from '../collector.js';
import { type Context, key } from '../context.js';

const CHANNEL = key('numbered');
const MESSAGES = 10_000;
const KILLS = 20;
/** Published in one go. */
const BURST = 50;

/** The clock of messages and that of gaps are read in different places of one process. */
const SLACK_MS = 2;

export function gapTests({ feature, driver, fresh, bed }: Context): void {
  feature('gaps', () => {
    it.each<{ topic: Topic; publishBy: string }>([
      { topic: { channel: CHANNEL }, publishBy: 'PUBLISH' },
      { topic: { pattern: `${CHANNEL}*` }, publishBy: 'PUBLISH' },
      { topic: { shard: CHANNEL }, publishBy: 'SPUBLISH' },
    ])('are reported when $topic is whole again', async ({ topic, publishBy }) => {
      if ('shard' in topic && !(await bed().hasShards())) return;
      const one = await fresh();
      const ofDriver = new Collector<Gap>();
      one.on('gap', ofDriver.push);
      const gaps = new Collector<Gap>();
      const messages = new Collector<Message>();
      const startedAt = Date.now();
      await using _ = await one.subscribe(topic, messages.push, { onGap: gaps.push });
      const ofOther = new Collector<Gap>();
      await using _other = await one.subscribe(topic, () => undefined, { onGap: ofOther.push });
      await bed().kill(await bed().subscribers());
      await Promise.all([gaps.until(1), ofOther.until(1), ofDriver.until(1)]);
      const [gap] = gaps.all;
      expect(gap).toMatchObject({ topic, reason: 'connection' });
      expect(ofDriver.all[0]).toMatchObject({ topic });
      expect(gap?.from).toBeGreaterThanOrEqual(startedAt - SLACK_MS);
      expect(gap?.to).toBeGreaterThanOrEqual(gap?.from ?? 0);
      await driver().send([publishBy, CHANNEL, 'after']);
      await messages.until(1);
      expect(messages.all.map(({ payload }) => payload)).toEqual(['after']);
      // One loss is one gap for each subscription, and one for the driver.
      expect([gaps, ofOther, ofDriver].map(({ all }) => all.length)).toEqual([1, 1, 1]);
    });

    it(`hold every missing one of ${MESSAGES} messages when the subscriber is cut ${KILLS} times`, async () => {
      const one = await fresh();
      const gaps = new Collector<Gap>();
      const received = new Map<number, number>();
      const end = new Collector<true>();
      await using _ = await one.subscribe(
        { channel: CHANNEL },
        ({ payload }) => {
          const number = Number(payload);
          received.set(number, (received.get(number) ?? 0) + 1);
          if (number === MESSAGES) end.push(true);
        },
        { onGap: gaps.push },
      );

      const publishedAt: number[] = [];
      const burst = async (): Promise<void> => {
        const start = publishedAt.length;
        const numbers = Array.from({ length: BURST }, (_, index) => start + index);
        const sent = driver().batch(numbers.map((number) => ['PUBLISH', CHANNEL, String(number)]));
        const now = Date.now();
        for (const number of numbers) publishedAt[number] = now;
        await sent;
      };
      for (let kill = 1; kill <= KILLS; kill++) {
        for (let whole = 0; whole < 4; whole++) await burst();
        const victims = await bed().subscribers();
        expect(victims.length).toBeGreaterThan(0);
        // In the middle of what flows, and while there is no connection.
        await Promise.all([burst(), burst(), bed().kill(victims), burst()]);
        await burst();
        await gaps.until(kill);
        await Promise.all([burst(), burst()]);
      }
      expect(publishedAt).toHaveLength(MESSAGES);
      await driver().send(['PUBLISH', CHANNEL, String(MESSAGES)]);
      await end.until(1);

      const twice = [...received].filter(([, times]) => times > 1);
      expect(twice).toEqual([]);
      const missing = publishedAt
        .map((at, number) => ({ number, at }))
        .filter(({ number }) => !received.has(number));
      const unexplained = missing.filter(({ at }) => !gaps.all.some((gap) => lies(at, gap)));
      // A few are enough to see what happened.
      expect({ count: unexplained.length, first: unexplained.slice(0, 3) }).toEqual({ count: 0, first: [] });
      expect(missing.length).toBeGreaterThan(0);
      expect(missing.length).toBeLessThan(MESSAGES / 2);
    }, 30_000);
  });
}

function lies(at: number, { from, to }: Gap): boolean {
  return at >= from - SLACK_MS && at <= to + SLACK_MS;
}
