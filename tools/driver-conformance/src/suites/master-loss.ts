import type { Gap, Message } from '@redlane/client';
import { expect, it } from 'vitest';
import { Collector } from '../collector.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';

const LIST = key('list');
const CHANNEL = key('channel');

export function masterLossTests({ feature, fresh, bed }: Context): void {
  feature('masterLoss', () => {
    it('ends what waits there, and all goes on with its successor', async () => {
      const one = await fresh();
      const gaps = new Collector<Gap>();
      const messages = new Collector<Message>();
      await using _channel = await one.subscribe({ channel: CHANNEL }, messages.push, { onGap: gaps.push });
      const shard = (await bed().hasShards()) ? { shard: CHANNEL } : { channel: `${CHANNEL}2` };
      await using _shard = await one.subscribe(shard, messages.push, { onGap: gaps.push });
      const held = await one.lease({ key: LIST });
      const popped = failure(held.send(['BLPOP', LIST, 0]));
      await bed().untilBlocked();

      await bed().loseMaster();
      expect(await popped).toMatchObject({ maybeExecuted: true });
      await held[Symbol.asyncDispose]();
      expect(await one.send(['RPUSH', LIST, 'x'], { timeoutMs: 10_000 })).toBe(1);
      await using next = await one.lease({ key: LIST, timeoutMs: 10_000 });
      expect(await next.send(['BLPOP', LIST, 1])).toEqual([LIST, 'x']);
      await gaps.until((all) => all.some(({ topic }) => 'channel' in topic && topic.channel === CHANNEL));
      await gaps.until((all) => all.some(({ topic }) => JSON.stringify(topic) === JSON.stringify(shard)));
      await one.send(['PUBLISH', CHANNEL, 'plain']);
      await one.send('shard' in shard ? ['SPUBLISH', CHANNEL, 'other'] : ['PUBLISH', shard.channel, 'other']);
      await messages.until(2);
      expect(messages.all.map(({ payload }) => payload).sort()).toEqual(['other', 'plain']);
    }, 60_000);
  });
}
