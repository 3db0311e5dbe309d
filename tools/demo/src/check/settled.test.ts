import { expect, it } from 'vitest';
import { settled } from './settled.js';

const { signal } = new AbortController();

it('ends when all is done', async () => {
  let left = 3;
  await settled(async () => ({ isDone: --left === 0, state: String(left) }), { quietMs: 60_000, signal });
  expect(left).toBe(0);
});

it('ends when nothing changes any more, and not before', async () => {
  let looks = 0;
  const look = async () => ({ isDone: false, state: String(Math.min(++looks, 5)) });
  await settled(look, { quietMs: 1, signal });
  expect(looks).toBeGreaterThan(5);
});

it('ends with its signal', async () => {
  const ending = new AbortController();
  const look = async () => {
    ending.abort();
    return { isDone: false, state: '' };
  };
  await expect(settled(look, { quietMs: 60_000, signal: ending.signal })).rejects.toThrow(/abort/i);
});
