import type { RedisDriver } from '@redlane/client';
import { expect, it } from 'vitest';
import { newCounters } from './counters.js';
import { Outbox } from './outbox.js';

/** A list that takes so many commands, and then no more. */
function outboxOf(commands: number): { readonly outbox: Outbox; readonly list: string[] } {
  const list: string[] = [];
  let count = 0;
  const driver = {
    send: async ([, , ...raws]: string[]) => {
      await Promise.resolve();
      if (++count > commands) throw Object.assign(new Error('lost'), { maybeExecuted: true });
      return list.push(...raws);
    },
  };
  const settings = { expireMs: undefined, maxLength: Number.POSITIVE_INFINITY, overflow: 'reject' } as const;
  const place = { list: '/foo/client', channel: '/foo' };
  return { outbox: new Outbox(driver as unknown as RedisDriver, place, settings, newCounters()), list };
}

const texts = (count: number) => Array.from({ length: count }, (_, i) => String(i));

it('sends in the order of the calls, long batches among them', async () => {
  const { outbox, list } = outboxOf(Number.POSITIVE_INFINITY);
  const sends = [texts(300), texts(2_500), texts(1), texts(1_000), texts(1)];
  const lengths = sends.map((raws) => outbox.send(raws, undefined));
  await outbox.close();
  expect(await Promise.all(lengths)).toEqual([300, 2_800, 2_801, 3_801, 3_802]);
  expect(list).toEqual(sends.flat());
});

it('ends a long batch where it fails, and says how far it came', async () => {
  const { outbox, list } = outboxOf(2);
  const batch = outbox.send(texts(3_500), undefined);
  await expect(batch).rejects.toMatchObject({
    code: 'PARTLY_SENT',
    sent: 2_000,
    cause: { message: 'lost', maybeExecuted: true },
  });
  expect(list).toHaveLength(2_000);
});

it('ends with the error itself when nothing was sent', async () => {
  const { outbox } = outboxOf(0);
  await expect(outbox.send(texts(3_500), undefined)).rejects.toThrow('lost');
});

it('at close, is honest about what is on its way when something before it fails', async () => {
  const list: string[] = [];
  const replies: ((error?: Error) => void)[] = [];
  const driver = {
    send: ([, , ...raws]: string[]) =>
      new Promise<number>((resolve, reject) => {
        replies.push((error) => (error === undefined ? resolve(list.push(...raws)) : reject(error)));
      }),
  };
  const settings = { expireMs: undefined, maxLength: Number.POSITIVE_INFINITY, overflow: 'reject' } as const;
  const place = { list: '/foo/client', channel: '/foo' };
  const outbox = new Outbox(driver as unknown as RedisDriver, place, settings, newCounters());
  const first = expect(outbox.send(texts(1_000), undefined)).rejects.toThrow('lost');
  const batch = outbox.send(texts(1_500), undefined);
  const closed = outbox.close();
  replies[0]?.(new Error('lost'));
  await first;
  replies[1]?.();
  await expect.poll(() => replies.length).toBe(3);
  replies[2]?.();
  expect(await batch).toBe(1_500);
  await closed;
});
