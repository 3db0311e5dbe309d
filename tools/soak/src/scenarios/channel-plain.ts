import { setTimeout as sleep } from 'node:timers/promises';
import { RedisChannel } from '@redlane/channel';
import { Loops } from '../loops.js';
import type { Scenario } from '../scenario.js';
import { Tally } from '../tally.js';

/**
 * Numbered messages over a channel in its default mode: each comes at most once, in order, and no more are lost than the
 * receiver says.
 */
export const channelPlain: Scenario = {
  name: 'channel',
  async start(context) {
    const { random, tamper, problem } = context;
    const ways = [context.open(), context.open()] as const;
    const sender = new RedisChannel<never, number>(ways[0].driver, '/soak/plain', 'client');
    const receiver = new RedisChannel<number, never>(ways[1].driver, '/soak/plain', 'server');
    await receiver.recvMsg();
    const sending = new Loops();
    const receiving = new Loops();
    const received = new Tally();
    /** Nobody knows whether they were sent. */
    const doubtful = new Set<number>();
    /** They, and those that were sent again, may come later than others: so do the bytes of a lost connection. */
    const late = new Set<number>();
    let sent = 0;
    let last = -1;
    /** Receives that failed: the message of each may still arrive, and then goes to a later one. */
    let overdue = 0;

    const receive = tamper.heard((number: number) => {
      if (!received.add(number)) problem(`message ${number} came twice`);
      if (number >= sent) problem(`message ${number} came, and nobody has sent it`);
      if (late.has(number)) return;
      if (number < last && --overdue < 0) problem(`message ${number} came after ${last}`);
      last = Math.max(last, number);
    });
    sending.run(async () => {
      const count = 1 + Math.floor(random() * 4);
      const numbers = Array.from({ length: count }, () => sent++);
      const known = await Promise.allSettled(numbers.map((number) => untilKnown(number)));
      for (const result of known)
        if (result.status === 'rejected') problem(`sending failed: ${result.reason}`);
      await sleep(random() * 20);
    }, context.failed);

    /** Again, when it was certainly not sent. */
    async function untilKnown(number: number): Promise<void> {
      for (;;) {
        try {
          await sender.sendMsg(number);
          return;
        } catch (error) {
          context.failed(error);
          late.add(number);
          if ((error as { maybeExecuted?: unknown }).maybeExecuted !== false) {
            doubtful.add(number);
            return;
          }
          await sleep(10);
        }
      }
    }

    const take = async (timeoutMs: number): Promise<boolean> => {
      const number = random() < 0.5 ? await receiver.brecvMsg({ timeoutMs }) : await receiver.recvMsg();
      if (number === undefined) return false;
      receive(number);
      return true;
    };
    receiving.run(
      async () => {
        if (!(await take(500))) await sleep(5);
      },
      (error) => {
        overdue++;
        context.failed(error);
      },
    );

    return {
      progress: () => received.size,
      stop: async () => {
        await sending.end();
        await receiving.end();
        for (let quiet = 0; quiet < 3; ) quiet = (await take(500)) ? 0 : quiet + 1;
        const { own } = await receiver.stats();
        const lost = received.missing(sent).filter((number) => !doubtful.has(number));
        if (lost.length > own.maybeLost) {
          const some = lost.slice(0, 5).join(', ');
          problem(
            `${lost.length} messages are lost (${some}, …), and the receiver says ${own.maybeLost} at most`,
          );
        }
        await Promise.all([sender.close(), receiver.close()]);
        await Promise.all(ways.map((way) => way.close()));
        return {
          sent,
          received: received.size,
          doubtful: doubtful.size,
          lost: lost.length,
          maybeLost: own.maybeLost,
        };
      },
    };
  },
};
