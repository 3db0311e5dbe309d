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
    ['1 orders were lost', { totals: { ...good.totals, finished: 1, lost: 1 } }],
    ['1 orders were duplicated', { totals: { ...good.totals, duplicated: 1 } }],
    ['1 orders could not be placed', { wanted: 3 }],
    [
      '1 orders are in the book that nobody was told of',
      { totals: { ...good.totals, placed: 3, finished: 3 } },
    ],
    ['4 events never reached listener 1', { watchers: [{ ...watcher!, missing: 4 }] }],
    ['1 events reached listener 1 more than once', { watchers: [{ ...watcher!, repeated: 1 }] }],
    ['1 times listener 1 was told', { watchers: [{ ...watcher!, resets: 1 }] }],
    ['1 of 10 announcements', { watchers: [{ ...watcher!, misheard: 1 }] }],
    ['1 faults came when nothing was in flight', { faults: [{ kind: 'x', text: '', inFlight: 0 }] }],
    ['1 order numbers were given more', { placed: good.placed.map((order) => ({ ...order, number: 1 })) }],
    [
      '1 order numbers were left out',
      { placed: good.placed.map((order) => ({ ...order, number: order.number + 1 })) },
    ],
  ])('finds that %s', (message, wrong) => {
    expect(problems({ ...good, ...wrong })).toEqual([expect.stringContaining(message)]);
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
