import { setTimeout as sleep } from 'node:timers/promises';
import type { Topic } from '@redlane/client';
import { eventually, Loops } from '../loops.js';
import type { Scenario } from '../scenario.js';
import { type Published, Visit } from './visit.js';

const CHANNELS = 12;
const SHARDS = 3;
const VISITORS = 4;

/** Numbered messages reach whoever listens at the time, once and in order, or lie in a gap; and nobody who has left. */
export const subscriptions: Scenario = {
  name: 'subscriptions',
  async start(context) {
    const { random, tamper, direct, problem, patienceMs } = context;
    const upTo = (bound: number): number => Math.floor(random() * bound);
    const way = context.open();
    const loops = new Loops();
    const visits = new Set<Visit>();
    const seen = { published: 0, received: 0, missing: 0, gaps: 0, visits: 0 };

    const enter = async (topic: Topic, signal?: AbortSignal): Promise<() => Promise<void>> => {
      const visit = new Visit(topic, problem);
      const hear = tamper.heard((number: number) => visit.hear(number));
      visits.add(visit);
      seen.visits++;
      const leave = (): void => {
        visit.end();
        visit.check({ all: true });
        visits.delete(visit);
        seen.received += visit.received;
        seen.missing += visit.missing;
        seen.gaps += visit.gaps;
      };
      try {
        const subscription = await way.driver.subscribe(topic, ({ payload }) => hear(Number(payload)), {
          onGap: (gap) => visit.gap(gap),
          signal,
        });
        visit.confirmed();
        return async () => {
          await subscription.unsubscribe();
          leave();
        };
      } catch (error) {
        leave();
        throw error;
      }
    };

    const randomTopic = (): Topic => {
      const roll = random();
      if (roll < 0.6) return { channel: `soak:ch:${upTo(CHANNELS)}` };
      return roll < 0.8 ? { pattern: `soak:ch:${upTo(3)}*` } : { shard: `soak:sh:${upTo(SHARDS)}` };
    };

    const publish = async (channel: string, sharded: boolean): Promise<void> => {
      const message: Published = { number: ++seen.published, from: Date.now(), to: undefined };
      for (const visit of visits) if (matches(visit.topic, channel, sharded)) visit.await(message);
      try {
        await direct.call(sharded ? 'SPUBLISH' : 'PUBLISH', channel, message.number);
        message.to = Date.now();
      } catch (error) {
        message.to = 'never';
        context.failed(error);
      }
    };

    // Some stay all the time, so that there is always something to be restored.
    const residents: Topic[] = [
      ...Array.from({ length: CHANNELS }, (_, i) => ({ channel: `soak:ch:${i}` })),
      { pattern: 'soak:ch:*' },
      { pattern: 'soak:ch:1*' },
      { shard: 'soak:sh:0' },
      { shard: 'soak:sh:1' },
    ];
    const stays = await Promise.all(residents.map((topic) => enter(topic)));

    loops.run(async () => {
      const burst = Array.from({ length: 1 + upTo(5) }, () =>
        random() < 0.2
          ? publish(`soak:sh:${upTo(SHARDS)}`, true)
          : publish(`soak:ch:${upTo(CHANNELS)}`, false),
      );
      await Promise.all(burst);
      await sleep(upTo(10));
    }, context.failed);
    for (let i = 0; i < VISITORS; i++) {
      loops.run(
        async () => {
          const impatience = random() < 0.15 ? AbortSignal.timeout(1 + upTo(8)) : undefined;
          const leave = await enter(randomTopic(), impatience);
          await sleep(upTo(200));
          await leave();
        },
        (error) => context.failed(error, 'ABORTED'),
      );
    }
    loops.run(async () => {
      await sleep(1_000);
      for (const visit of visits) visit.check();
    }, context.failed);

    return {
      progress: () => [...visits].reduce((sum, { received }) => sum + received, seen.received),
      stop: async () => {
        await loops.end();
        // A message that comes shows that nothing is on its way any more that was published before.
        await Promise.all(
          [...visits].map((visit) => {
            const { topic } = visit;
            const channel =
              'channel' in topic ? topic.channel : 'shard' in topic ? topic.shard : `${topic.pattern}~`;
            const first = seen.published;
            return eventually(
              async () => {
                await publish(channel.replace('*', ''), 'shard' in topic);
                await sleep(50);
                return visit.last > first;
              },
              `messages come for ${JSON.stringify(topic)}`,
              patienceMs,
            );
          }),
        );
        await Promise.all(stays.map((leave) => leave()));
        await way.close();
        return seen;
      },
    };
  },
};

function matches(topic: Topic, channel: string, sharded: boolean): boolean {
  if ('shard' in topic) return sharded && topic.shard === channel;
  if (sharded) return false;
  return 'channel' in topic ? topic.channel === channel : channel.startsWith(topic.pattern.slice(0, -1));
}
