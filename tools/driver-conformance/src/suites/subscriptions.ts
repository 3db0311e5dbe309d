import type { Message, Topic } from '@redlane/client';
import { expect, it } from 'vitest';
import { Collector } from '../collector.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';
import { until } from '../until.js';

const CHANNEL = key('channel');

export function subscriptionTests({ feature, driver, fresh, bed, topology }: Context): void {
  const publish = (channel: string, payload: string | Uint8Array) =>
    driver().send(['PUBLISH', channel, payload]);

  feature('subscribe', () => {
    it.each<{ topic: Topic; pattern?: string; publishBy: string }>([
      { topic: { channel: CHANNEL }, publishBy: 'PUBLISH' },
      {
        topic: { pattern: `${CHANNEL.slice(0, -2)}*` },
        pattern: `${CHANNEL.slice(0, -2)}*`,
        publishBy: 'PUBLISH',
      },
      { topic: { shard: CHANNEL }, publishBy: 'SPUBLISH' },
    ])('gets the messages of $topic', async ({ topic, pattern, publishBy }) => {
      if ('shard' in topic && !(await bed().hasShards())) return;
      const messages = new Collector<Message>();
      await using subscription = await driver().subscribe(topic, messages.push);
      expect(subscription.topic).toEqual(topic);
      for (const payload of ['first', 'ü', '']) await driver().send([publishBy, CHANNEL, payload]);
      await messages.until(3);
      expect(messages.all.map(({ payload }) => payload)).toEqual(['first', 'ü', '']);
      expect(messages.all[0]?.channel).toBe(CHANNEL);
      expect(messages.all[0]?.pattern).toBe(pattern);
    });

    it('gives bytes to those who ask for them, and text to the others', async () => {
      const bytes = new Collector<Message<Uint8Array>>();
      const text = new Collector<Message>();
      await using _one = await driver().subscribe({ channel: CHANNEL }, bytes.push, { replies: 'bytes' });
      await using _two = await driver().subscribe({ channel: CHANNEL }, text.push);
      await publish(CHANNEL, 'text');
      await publish(CHANNEL, new Uint8Array([0xff, 0x00, 0x0a]));
      await Promise.all([bytes.until(2), text.until(2)]);
      expect(bytes.all.map(({ payload }) => Buffer.from(payload))).toEqual([
        Buffer.from('text'),
        Buffer.from([0xff, 0x00, 0x0a]),
      ]);
      expect(bytes.all[0]?.channel).toBe(CHANNEL);
      expect(text.all[0]?.payload).toBe('text');
    });

    it('keeps the order', async () => {
      const messages = new Collector<Message>();
      await using _ = await driver().subscribe({ channel: CHANNEL }, messages.push);
      const expected = Array.from({ length: 1_000 }, (_, index) => String(index));
      await driver().batch(expected.map((payload) => ['PUBLISH', CHANNEL, payload]));
      await messages.until(1_000);
      expect(messages.all.map(({ payload }) => payload)).toEqual(expected);
    });

    it('shares one subscription at the server, which ends with the last', async () => {
      const first = new Collector<Message>();
      const second = new Collector<Message>();
      const one = await driver().subscribe({ channel: CHANNEL }, first.push);
      const two = await driver().subscribe({ channel: CHANNEL }, second.push);
      expect(await subscriberCount()).toBe(1);
      await publish(CHANNEL, 'both');
      await Promise.all([first.until(1), second.until(1)]);
      await one.unsubscribe();
      await one.unsubscribe();
      await publish(CHANNEL, 'second only');
      await second.until(2);
      expect(first.all).toHaveLength(1);
      await two[Symbol.asyncDispose]();
      await until(async () => (await subscriberCount()) === 0);
    });

    it('calls nobody back after the end of a subscription', async () => {
      const messages = new Collector<Message>();
      const witness = new Collector<Message>();
      const subscription = await driver().subscribe({ channel: CHANNEL }, messages.push);
      await using _ = await driver().subscribe({ pattern: `${CHANNEL}*` }, witness.push);
      const flood = driver().batch(Array.from({ length: 200 }, () => ['PUBLISH', CHANNEL, 'x']));
      await subscription.unsubscribe();
      const { length } = messages.all;
      await flood;
      await publish(CHANNEL, 'after');
      await witness.until((all) => all.at(-1)?.payload === 'after');
      expect(messages.all).toHaveLength(length);
    });

    it('can be had again at once', async () => {
      for (let round = 0; round < 10; round++) {
        const messages = new Collector<Message>();
        const subscription = await driver().subscribe({ channel: CHANNEL }, messages.push);
        await publish(CHANNEL, String(round));
        await messages.until(1);
        expect(messages.all[0]?.payload).toBe(String(round));
        // Not awaited: the next one comes in between.
        const ended = subscription.unsubscribe();
        if (round % 2 === 0) await ended;
      }
    });

    it('hurts nobody when a callback throws', async () => {
      const one = await fresh();
      const errors = new Collector<Error>();
      one.on('error', errors.push);
      const messages = new Collector<Message>();
      await using _bad = await one.subscribe({ channel: CHANNEL }, () => {
        throw new Error('from the callback');
      });
      await using _good = await one.subscribe({ channel: CHANNEL }, messages.push);
      await publish(CHANNEL, 'first');
      await publish(CHANNEL, 'second');
      await Promise.all([messages.until(2), errors.until(2)]);
      expect(errors.all[0]?.message).toBe('from the callback');
      expect(await one.send(['PING'])).toBe('PONG');
    });

    it('is not begun with an aborted signal, and ends with its signal', async () => {
      const messages = new Collector<Message>();
      const witness = new Collector<Message>();
      const controller = new AbortController();
      const { signal } = controller;
      await using _ = await driver().subscribe({ channel: CHANNEL }, witness.push);
      const subscription = await driver().subscribe({ channel: CHANNEL }, messages.push, { signal });
      await publish(CHANNEL, 'first');
      await messages.until(1);
      controller.abort();
      await publish(CHANNEL, 'second');
      await witness.until(2);
      expect(messages.all).toHaveLength(1);
      await subscription.unsubscribe();
      const again = driver().subscribe({ channel: CHANNEL }, messages.push, { signal });
      expect(await failure(again)).toMatchObject({ code: 'ABORTED' });
    });

    it.runIf(topology === 'standalone')(
      'waits for the confirmation as long as the caller wants',
      async () => {
        const one = await fresh();
        await one.send(['PING']);
        bed().proxy?.set({ stalled: true }, 'toClient');
        const late = failure(one.subscribe({ channel: CHANNEL }, () => undefined, { timeoutMs: 100 }));
        expect(await late).toMatchObject({ code: 'TIMEOUT' });
        await bed().proxy?.restore();
        const messages = new Collector<Message>();
        await using _ = await one.subscribe({ channel: CHANNEL }, messages.push);
        await publish(CHANNEL, 'after');
        await messages.until(1);
        expect(messages.all).toHaveLength(1);
      },
    );
  });

  async function subscriberCount(): Promise<number> {
    const replies = await bed().everywhere('PUBSUB', 'NUMSUB', CHANNEL);
    return replies.reduce<number>((sum, reply) => sum + Number((reply as unknown[])[1]), 0);
  }
}
