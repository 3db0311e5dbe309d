import { isDeepStrictEqual } from 'node:util';
import type { Gap, Message, Topic } from '@redlane/client';
import { expect, it } from 'vitest';
import { Collector } from '../collector.js';
import { type Context, key } from '../context.js';
import { failure } from '../failure.js';
import { until } from '../until.js';

const LIST = key('list');
const CHANNEL = key('channel');

export function masterLossTests({ feature, fresh, bed, topology }: Context): void {
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
      // In a cluster a plain channel may be heard at a node that has not been lost.
      const lost: Topic[] = topology === 'cluster' ? [shard] : [shard, { channel: CHANNEL }];
      await gaps.until((all) =>
        lost.every((topic) => all.some((gap) => isDeepStrictEqual(gap.topic, topic))),
      );
      const heard = (payload: string) => messages.all.some((message) => message.payload === payload);
      // A node that has come back knows the others only after a while.
      await until(async () => {
        await one.send(['PUBLISH', CHANNEL, 'plain']);
        await one.send(
          'shard' in shard ? ['SPUBLISH', CHANNEL, 'other'] : ['PUBLISH', shard.channel, 'other'],
        );
        return heard('plain') && heard('other');
      });
    }, 60_000);
  });
}
