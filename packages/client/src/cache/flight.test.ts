import { expect, it, vi } from 'vitest';
import { Command, type CommandSettings, WRITTEN } from '../command.js';
import type { TimeoutDiagnosis } from '../errors.js';
import { Flight } from './flight.js';

const settings: CommandSettings = {
  timeoutMs: 10,
  watch: undefined,
  replies: 'string',
  maps: 'map',
  retry: 'safe',
};
const keeper = { settled: vi.fn() };
const NEVER = Number.POSITIVE_INFINITY;
const diagnose = (): TimeoutDiagnosis => ({
  state: 'ready',
  queued: 0,
  inFlight: 1,
  lastReadMsAgo: 1,
  p99Ms: undefined,
});

function request(state: number): Command {
  const command = new Command(['GET', 'k'], undefined, settings, true, NEVER, 0, vi.fn(), vi.fn());
  command.state = state;
  return command;
}

it('brings the reply to all, and a value of his own to each', async () => {
  const flight = new Flight(keeper, vi.fn());
  const value = ['a'];
  const replies = [1, 2, 3].map(() => flight.join<string[]>(['GET', 'k'], settings, NEVER));
  flight.end({ value });
  const [first, second, third] = await Promise.all(replies);
  second?.push('b');
  expect([first, second, third]).toEqual([['a'], ['a', 'b'], ['a']]);
});

it('goes on when some give up, and is abandoned when all have', async () => {
  const abandoned = vi.fn();
  const flight = new Flight(keeper, abandoned);
  flight.request = request(WRITTEN);
  const early = flight.join(['GET', 'k'], settings, 100);
  const late = flight.join(['GET', 'k'], settings, 200);
  expect(flight.expire(99, diagnose)).toBe(100);
  expect(flight.expire(150, diagnose)).toBe(200);
  await expect(early).rejects.toMatchObject({ code: 'TIMEOUT', phase: 'written', maybeExecuted: true });
  expect(abandoned).not.toHaveBeenCalled();
  expect(flight.expire(200, diagnose)).toBe(NEVER);
  await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' });
  expect(abandoned).toHaveBeenCalledOnce();
});

it('is not abandoned when its end has settled all', async () => {
  const abandoned = vi.fn();
  const flight = new Flight(keeper, abandoned);
  const replies = [1, 2].map(() => flight.join(['GET', 'k'], settings, NEVER));
  flight.end({ error: () => new Error('lost') });
  await expect(Promise.allSettled(replies)).resolves.toMatchObject([
    { reason: { message: 'lost' } },
    { reason: { message: 'lost' } },
  ]);
  expect(abandoned).not.toHaveBeenCalled();
});
