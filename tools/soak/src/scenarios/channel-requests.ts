import { setTimeout as sleep } from 'node:timers/promises';
import { RedisChannel } from '@redlane/channel';
import { Loops } from '../loops.js';
import type { Scenario } from '../scenario.js';
import { Tally } from '../tally.js';

const REQUESTERS = 4;

/** Requests over a channel in its default mode: each is handled once at most, and a reply belongs to its request. */
export const channelRequests: Scenario = {
  name: 'channel-requests',
  async start(context) {
    const { random, tamper, problem } = context;
    const ways = [context.open(), context.open()] as const;
    const client = new RedisChannel<number, number>(ways[0].driver, '/soak/sums', 'client', {
      envelope: true,
    });
    const server = new RedisChannel<number, number>(ways[1].driver, '/soak/sums', 'server', {
      envelope: true,
    });
    const handled = new Tally();
    const handle = tamper.heard((number: number) => {
      if (!handled.add(number)) problem(`request ${number} was handled twice`);
    });
    const serving = server.serve(
      async (number) => {
        handle(number);
        if (random() < 0.1) await sleep(random() * 30);
        return number * 2 + 1;
      },
      { concurrency: 4, onError: (error) => context.failed(error) },
    );
    const loops = new Loops();
    let asked = 0;
    let answered = 0;
    for (let i = 0; i < REQUESTERS; i++) {
      loops.run(
        async () => {
          const number = asked++;
          const reply = tamper.answer(await client.request(number, { timeoutMs: 3_000 }));
          answered++;
          if (reply !== number * 2 + 1) problem(`request ${number} was answered by ${reply}`);
          if (!handled.has(number)) problem(`request ${number} was answered, and nobody has handled it`);
          await sleep(random() * 20);
        },
        (error) => context.failed(error, 'REQUEST_TIMEOUT'),
      );
    }
    return {
      progress: () => answered,
      stop: async () => {
        await loops.end();
        // Nothing troubles it any more.
        const last = asked++;
        if ((await client.request(last, { timeoutMs: 30_000 })) !== last * 2 + 1)
          problem('the last reply is wrong');
        await serving.stop();
        await Promise.all([client.close(), server.close()]);
        await Promise.all(ways.map((way) => way.close()));
        return { asked, answered, handled: handled.size };
      },
    };
  },
};
