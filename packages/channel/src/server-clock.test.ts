import type { RedisDriver } from '@redlane/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ServerClock } from './server-clock.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server whose clock is ours, and that answers so many ms later each time. */
function serverAt(...delaysMs: number[]): { driver: RedisDriver; looks: () => number } {
  let looks = 0;
  const send = async (): Promise<string[]> => {
    const delayMs = delaysMs[Math.min(looks++, delaysMs.length - 1)];
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    return [String(Math.floor(Date.now() / 1_000)), String((Date.now() % 1_000) * 1_000)];
  };
  return { driver: { send } as unknown as RedisDriver, looks: () => looks };
}

/** How far off it is, once it has asked. */
async function errorOf(clock: ServerClock): Promise<number> {
  const error = Promise.resolve(clock.now()).then((now) => Math.abs(now - Date.now()));
  await vi.advanceTimersByTimeAsync(40_000);
  return error;
}

it('asks once a minute when the answer comes soon', async () => {
  const { driver, looks } = serverAt(20);
  const clock = new ServerClock(driver);
  expect(await errorOf(clock)).toBeLessThanOrEqual(10);
  await errorOf(clock);
  expect(looks()).toBe(1);
  await errorOf(clock);
  expect(looks()).toBe(2);
});

it('asks again when the answer took seconds, as over a reconnect', async () => {
  const { driver, looks } = serverAt(6_000, 20);
  const clock = new ServerClock(driver);
  expect(await errorOf(clock)).toBeLessThanOrEqual(10);
  expect(looks()).toBe(2);
});

it('takes the best of some answers when all are slow, and not for long', async () => {
  const { driver, looks } = serverAt(6_000, 2_000, 4_000, 20);
  const clock = new ServerClock(driver);
  expect(await errorOf(clock)).toBeLessThanOrEqual(1_000);
  expect(looks()).toBe(3);
  expect(await errorOf(clock)).toBeLessThanOrEqual(10);
  expect(looks()).toBe(4);
});

it('says at once what it knows, and asks ahead once', async () => {
  const { driver, looks } = serverAt(20);
  const clock = new ServerClock(driver);
  clock.prepare();
  clock.prepare();
  await vi.advanceTimersByTimeAsync(100);
  expect(clock.now()).toBeTypeOf('number');
  clock.prepare();
  expect(looks()).toBe(1);
});
