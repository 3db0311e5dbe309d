import { expect, it } from 'vitest';
import { Permits } from './permits.js';

const { signal } = new AbortController();

it('gives permits in the order in which they were asked for', async () => {
  const permits = new Permits(1);
  const order: number[] = [];
  await permits.take(signal);
  const takers = [1, 2, 3].map(async (number) => {
    await permits.take(signal);
    order.push(number);
    permits.giveBack();
  });
  expect(permits.waiting).toBe(3);
  permits.giveBack();
  await Promise.all(takers);
  expect(order).toEqual([1, 2, 3]);
  expect(permits.taken).toBe(0);
});

it('passes over those who have given up', async () => {
  const permits = new Permits(1);
  await permits.take(signal);
  const quits = new AbortController();
  const first = permits.take(quits.signal);
  const second = permits.take(signal);
  quits.abort(new Error('enough'));
  await expect(first).rejects.toThrow('enough');
  permits.giveBack();
  await second;
  expect(permits).toMatchObject({ taken: 1, waiting: 0 });
});

it('gives none to an aborted signal, also when one is free', async () => {
  const permits = new Permits(1);
  await expect(permits.take(AbortSignal.abort(new Error('no')))).rejects.toThrow('no');
  expect(permits.taken).toBe(0);
});
