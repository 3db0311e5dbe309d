import { describe, expect, it } from 'vitest';
import { type CheckResult, problems, reportLines } from './report.js';

const good: CheckResult = {
  wanted: 2,
  placed: [
    { id: 'a', number: 1, askedAt: 0, answeredAt: 10 },
    { id: 'b', number: 2, askedAt: 5, answeredAt: 35 },
  ],
  retries: 1,
  totals: { placed: 2, finished: 2, lost: 0, duplicated: 0 },
  announcements: 10,
  watchers: [{ missing: 0, repeated: 0, returns: 2, resets: 0, misheard: 0 }],
  faults: [
    { kind: 'kill-worker', text: 'worker w1 was killed', inFlight: 7 },
    { kind: 'restart-redis', text: 'not ours', inFlight: undefined },
  ],
  durationMs: 500,
  finishedAfterMs: [100, 300],
};

const [watcher] = good.watchers;

describe('problems', () => {
  it('finds none when there is none', () => {
    expect(problems(good)).toEqual([]);
  });

  it.each<[string, Partial<CheckResult>]>([
    ['orders lost (placed, never finished): 1', { totals: { ...good.totals, finished: 1, lost: 1 } }],
    ['orders duplicated (finished more than once): 1', { totals: { ...good.totals, duplicated: 1 } }],
    ['orders that could not be placed: 1', { wanted: 3 }],
    [
      'orders in the book that no customer knows of: 1',
      { totals: { ...good.totals, placed: 3, finished: 3 } },
    ],
    ['events that never reached listener 1: 4', { watchers: [{ ...watcher!, missing: 4 }] }],
    ['events that reached listener 1 again or too late: 1', { watchers: [{ ...watcher!, repeated: 1 }] }],
    [
      'resets at listener 1, who was told that events are gone: 1',
      { watchers: [{ ...watcher!, resets: 1 }] },
    ],
    [
      'announcements that listener 1 did not hear once, out of 10: 1',
      { watchers: [{ ...watcher!, misheard: 1 }] },
    ],
    [
      'faults with nothing in flight, by which nothing is shown: 1',
      { faults: [{ kind: 'x', text: '', inFlight: 0 }] },
    ],
    [
      'order numbers given more than once: 1',
      { placed: good.placed.map((order) => ({ ...order, number: 1 })) },
    ],
    [
      'order numbers left out: 1',
      { placed: good.placed.map((order) => ({ ...order, number: order.number + 1 })) },
    ],
  ])('finds that %s', (message, wrong) => {
    expect(problems({ ...good, ...wrong })).toEqual([message]);
  });
});

describe('reportLines', () => {
  it('says what a person wants to know', () => {
    const text = reportLines(good).join('\n');
    expect(text).toContain('2 placed over HTTP (1 retries), 2 finished, 0 lost, 0 duplicated');
    expect(text).toContain('10 to each of 1 listeners, who came back 2 times; 10 announcements');
    expect(text).toContain('answer to an order: p50 10 ms, p99 30 ms');
    expect(text).toContain('until it was seen finished: p50 100 ms, p99 300 ms');
    expect(text).toContain('4 orders/s');
    expect(text).toMatch(/kill-worker +7 orders in flight; worker w1 was killed/);
    expect(text).toMatch(/restart-redis +skipped: not ours/);
  });
});
