import { setTimeout as sleep } from 'node:timers/promises';
import { type Delivery, RedisChannel } from '@redlane/channel';
import { eventually, Loops } from '../loops.js';
import type { Scenario, SoakContext } from '../scenario.js';
import { Tally } from '../tally.js';
import type { Way } from '../way.js';

const WORKERS = 2;
/** Acks of which we know that they must be the last that was heard of their messages. */
const REMEMBERED = 20_000;

type Worker = RedisChannel<number, never, true>;

/**
 * Numbered messages to reliable receivers that ack, nack, and come and go: nothing is lost, nothing is acked twice, and
 * nothing comes back that was acked.
 */
export const channelReliable: Scenario = {
  name: 'channel-reliable',
  async start(context) {
    const { random, patienceMs } = context;
    const senderWay = context.open();
    const sender = new RedisChannel<never, number>(senderWay.driver, '/soak/jobs', 'client');
    await sender.peekMsg();
    const sending = new Loops();
    const working = new Loops();
    const book = new Book(context);
    let sent = 0;

    sending.run(async () => {
      // Once more after whatever error: a receiver may get it twice then, as two messages.
      await sender.sendMsg(sent);
      sent++;
      await sleep(random() * 15);
    }, context.failed);

    const ways = Array.from({ length: WORKERS }, () => context.open());
    for (const way of ways) {
      working.run(
        async () => {
          const worker = openWorker(way);
          const shift = AbortSignal.timeout(2_000 + Math.floor(random() * 8_000));
          try {
            for await (const delivery of worker.messages({ signal: shift })) {
              await book.handle(delivery);
              if (working.over) break;
            }
          } finally {
            await worker.close();
          }
        },
        (error) => context.failed(error, 'ABORTED'),
      );
    }

    return {
      progress: () => book.delivered.size,
      stop: async () => {
        await sending.end();
        await eventually(
          () => book.delivered.missing(sent).length === 0,
          'all messages are delivered',
          patienceMs,
        ).catch(() =>
          context.problem(`messages are lost: ${book.delivered.missing(sent).slice(0, 10).join(', ')}`),
        );
        const watcher = openWorker(senderWay);
        await eventually(
          async () => {
            const { receiving, returned, inProcess } = await watcher.stats();
            return receiving + returned + inProcess === 0;
          },
          'nothing is left in Redis',
          patienceMs,
        );
        const { deadLetters } = await watcher.stats();
        if (deadLetters > 0) context.problem(`${deadLetters} messages became dead letters`);
        await working.end();
        await Promise.all([sender.close(), watcher.close()]);
        await Promise.all([senderWay, ...ways].map((way) => way.close()));
        const { delivered, acked, late, again } = book;
        return { sent, delivered: delivered.size, acked, late, again };
      },
    };
  },
};

function openWorker(way: Way): Worker {
  return new RedisChannel<number, never, true>(way.driver, '/soak/jobs', 'server', {
    reliable: true,
    prefetch: 20,
    heartbeatMs: 300,
    deadAfterMs: 3_000,
    maxDeliveries: Number.POSITIVE_INFINITY,
  });
}

/** What has become of each message. A message is known by its number in the list, since its sender may have sent it twice. */
class Book {
  readonly delivered: Tally = new Tally();
  acked = 0;
  late = 0;
  again = 0;
  readonly #context: SoakContext;
  readonly #deliver: (delivery: Delivery<number>) => void;
  /** Numbers in the list, oldest first. */
  readonly #acked: Set<number> = new Set();

  constructor(context: SoakContext) {
    this.#context = context;
    this.#deliver = context.tamper.heard(({ data, seq, deliveries }: Delivery<number>) => {
      this.delivered.add(data);
      if (deliveries > 1) this.again++;
      if (this.#acked.has(seq)) context.problem(`message ${data} (${seq}) came back after its ack`);
    });
  }

  async handle(delivery: Delivery<number>): Promise<void> {
    const { random, failed } = this.#context;
    this.#deliver(delivery);
    if (random() < 0.05) {
      await delivery.nack({ requeue: true }).catch(failed);
      return;
    }
    const settled = delivery.ack().then((held) => {
      if (held) this.#acknowledge(delivery);
      else this.late++;
    }, failed);
    // Most do not wait for their acks, so that several are under way.
    if (random() < 0.2) await settled;
    else await sleep(random() * 4);
  }

  #acknowledge({ data, seq }: Delivery<number>): void {
    this.acked++;
    if (this.#acked.has(seq)) this.#context.problem(`message ${data} (${seq}) was acked twice`);
    this.#acked.add(seq);
    if (this.#acked.size <= REMEMBERED) return;
    const [oldest] = this.#acked;
    this.#acked.delete(oldest as number);
  }
}
