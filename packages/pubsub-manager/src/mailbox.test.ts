import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fifo } from './fifo.js';
import { Mailbox, type MailboxUser, type Overflow } from './mailbox.js';
import type { QueuePolicy } from './queue-options.js';

const TOPIC = { channel: 'c' };

it('a queue gives what was put in, in order', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat())), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      for (const step of steps) {
        if (step === null) expect(fifo.shift()).toBe(model.shift());
        else {
          fifo.push(step);
          model.push(step);
        }
        expect(fifo.length).toBe(model.length);
      }
    }),
  );
});

/** A mailbox whose calls are settled by hand. */
function bench(policy: QueuePolicy, { limit = 3, concurrency = 1 } = {}) {
  const begun: string[] = [];
  const settle: (() => void)[] = [];
  const overflows: Overflow[] = [];
  const told: string[] = [];
  const user: MailboxUser = {
    decode: undefined,
    handle: (_, value) => {
      begun.push(value);
      return new Promise<void>((resolve) => settle.push(resolve));
    },
    failed: () => told.push('failed'),
    overflowed: (overflow) => overflows.push(overflow),
    gaveUp: () => told.push('gaveUp'),
    pause: () => told.push('pause'),
    resume: () => told.push('resume'),
  };
  const mailbox = new Mailbox(user, { limit, policy, concurrency });
  return {
    mailbox,
    begun,
    overflows,
    told,
    put: (message: string) => mailbox.deliver(TOPIC, 'c', message, {}),
    async settle(count = 1) {
      for (let i = 0; i < count; i++) {
        settle.shift()?.();
        await Promise.resolve();
      }
    },
  };
}

it.each<[QueuePolicy, string[], number]>([
  ['dropOldest', ['0', '3', '4', '5'], 2],
  ['dropNewest', ['0', '1', '2', '3'], 2],
  ['pause', ['0', '1', '2', '3', '4', '5'], 0],
])('%s keeps %s', async (policy, kept, dropped) => {
  const { put, settle, begun, mailbox, overflows } = bench(policy);
  for (let i = 0; i < 6; i++) put(String(i));
  expect(begun).toEqual(['0']);
  await settle(6);
  expect(begun).toEqual(kept);
  expect(mailbox.stats).toMatchObject({
    received: 6,
    delivered: kept.length,
    dropped,
    waiting: 0,
    running: 0,
  });
  expect(overflows.map((overflow) => overflow.dropped)).toEqual(dropped === 0 ? [] : [dropped]);
});

it('pauses when it is full, again when as many came all the same, and goes on when half is gone', async () => {
  const { put, settle, told } = bench('pause', { limit: 2 });
  for (const message of ['a', 'b', 'c']) put(message);
  expect(told).toEqual(['pause']);
  for (const message of ['d', 'e']) put(message);
  expect(told).toEqual(['pause', 'pause']);
  await settle(2);
  expect(told).toEqual(['pause', 'pause']);
  await settle(1);
  expect(told).toEqual(['pause', 'pause', 'resume']);
});

it('gives up when it is full, and calls nobody after that', async () => {
  const { put, settle, told, begun, overflows } = bench('error', { limit: 1 });
  for (const message of ['a', 'b', 'c', 'd']) put(message);
  await settle();
  expect([told, begun, overflows.length]).toEqual([['gaveUp'], ['a'], 1]);
});

it('has as many calls under way as it may', async () => {
  const { put, settle, begun } = bench('dropOldest', { concurrency: 2 });
  for (const message of ['a', 'b', 'c', 'd']) put(message);
  expect(begun).toEqual(['a', 'b']);
  await settle();
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('tells once when there is room', async () => {
  const { put, settle, mailbox } = bench('dropOldest', { limit: 2 });
  let rooms = 0;
  for (const message of ['a', 'b', 'c']) put(message);
  expect(mailbox.hasRoom).toBe(false);
  mailbox.onRoom(() => rooms++);
  await settle();
  expect([mailbox.hasRoom, rooms]).toEqual([true, 1]);
  await settle();
  expect(rooms).toBe(1);
});

it('resumes when it ends', () => {
  const { put, mailbox, told } = bench('pause', { limit: 1 });
  put('a');
  put('b');
  mailbox.end();
  mailbox.end();
  put('c');
  expect([told, mailbox.stats.waiting]).toEqual([['pause', 'resume'], 0]);
});
