import { expect, it } from 'vitest';
import { fingerprint, type Planned, planFaults, RESERVE, type ServerFault } from './schedule.js';

const MINUTE_MS = 60_000;

it('depends on the seed alone', () => {
  const schedule = planFaults(7, MINUTE_MS, ['one', 'two']);
  expect(planFaults(7, MINUTE_MS, ['one', 'two'])).toEqual(schedule);
  expect(fingerprint(planFaults(8, MINUTE_MS, ['one', 'two']))).not.toBe(fingerprint(schedule));
  const { one, two } = schedule.proxies;
  expect(one).not.toEqual(two);
});

it('gives a proxy the same faults whichever others there are', () => {
  const { two } = planFaults(7, MINUTE_MS, ['one', 'two', 'three']).proxies;
  expect(planFaults(7, MINUTE_MS, ['two']).proxies).toEqual({ two });
});

it('has every kind of fault, one after the other, and a restart in each minute', () => {
  const {
    proxies: { one: faults = [] },
    server,
  } = planFaults(1, 5 * MINUTE_MS, ['one']);
  expect(new Set(faults.map(({ kind }) => kind))).toEqual(
    new Set(['cut', 'cut-after', 'half-open', 'refuse', 'split', 'drip', 'delay']),
  );
  expect(new Set(server.map(({ kind }) => kind))).toEqual(new Set(['client-kill', 'pause', 'restart']));
  for (const [i, fault] of faults.entries()) {
    const before = faults[i - 1];
    if (before !== undefined) expect(fault.atMs).toBeGreaterThan(before.atMs + before.forMs);
  }
  const minutes = restarts(server).map((atMs) => Math.floor(atMs / MINUTE_MS));
  expect(minutes).toEqual(Array.from({ length: 5 * RESERVE }, (_, minute) => minute));
});

it('restarts the server in a short run, too', () => {
  const { server } = planFaults(1, 15_000, []);
  expect(restarts(server).filter((atMs) => atMs < 15_000)).toHaveLength(1);
});

function restarts(faults: readonly Planned<ServerFault>[]): number[] {
  return faults.filter(({ kind }) => kind === 'restart').map(({ atMs }) => atMs);
}
