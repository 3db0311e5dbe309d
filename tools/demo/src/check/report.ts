import { statuses } from '../book/order-record.js';
import type { Totals } from '../contract.js';
import type { PlacedOrder } from './customers.js';
import { percentile } from './percentile.js';

/** A fault that the desk was made to bear, or why it was not. */
export interface FaultResult {
  readonly kind: string;
  readonly text: string;
  /** Orders that were placed and not finished at that moment; `undefined`: the fault was skipped. */
  readonly inFlight: number | undefined;
}

/** What a listener has to tell in the end. */
export interface WatcherResult {
  readonly missing: number;
  readonly repeated: number;
  readonly returns: number;
  readonly resets: number;
  /** Announcements that it did not hear exactly once. */
  readonly misheard: number;
}

export interface CheckResult {
  readonly wanted: number;
  readonly placed: readonly PlacedOrder[];
  readonly retries: number;
  readonly totals: Totals;
  readonly announcements: number;
  readonly watchers: readonly WatcherResult[];
  readonly faults: readonly FaultResult[];
  /** From the first request to the last step that was seen. */
  readonly durationMs: number;
  readonly finishedAfterMs: readonly number[];
}

/** What is wrong, a sentence each; nothing: the check has passed. */
export function problems({ wanted, placed, totals, watchers, announcements, faults }: CheckResult): string[] {
  const found: string[] = [];
  const say = (count: number, what: string): void => {
    if (count !== 0) found.push(`${what}: ${count}`);
  };
  say(wanted - placed.length, 'orders that could not be placed');
  say(totals.lost, 'orders lost (placed, never finished)');
  say(totals.duplicated, 'orders duplicated (finished more than once)');
  say(totals.placed - placed.length, 'orders in the book that no customer knows of');
  const numbers = new Set(placed.map(({ number }) => number));
  say(placed.length - numbers.size, 'order numbers given more than once');
  say(Math.max(0, ...numbers) - numbers.size, 'order numbers left out');
  for (const [i, { missing, repeated, resets, misheard }] of watchers.entries()) {
    say(missing, `events that never reached listener ${i + 1}`);
    say(repeated, `events that reached listener ${i + 1} again or too late`);
    say(resets, `resets at listener ${i + 1}, who was told that events are gone`);
    say(misheard, `announcements that listener ${i + 1} did not hear once, out of ${announcements}`);
  }
  say(
    faults.filter(({ inFlight }) => inFlight === 0).length,
    'faults with nothing in flight, by which nothing is shown',
  );
  return found;
}

/** For people. */
export function reportLines(result: CheckResult): string[] {
  const { placed, retries, totals, watchers, announcements, faults, durationMs, finishedAfterMs } = result;
  const returns = watchers.reduce((sum, watcher) => sum + watcher.returns, 0);
  const ms = (values: readonly number[]): string =>
    `p50 ${Math.round(percentile(values, 0.5))} ms, p99 ${Math.round(percentile(values, 0.99))} ms`;
  return [
    `orders       ${placed.length} placed over HTTP (${retries} retries), ${totals.finished} finished, ` +
      `${totals.lost} lost, ${totals.duplicated} duplicated`,
    `events       ${placed.length * statuses.length} to each of ${watchers.length} listeners, ` +
      `who came back ${returns} times; ${announcements} announcements`,
    `latency      answer to an order: ${ms(placed.map(({ askedAt, answeredAt }) => answeredAt - askedAt))}`,
    `             until it was seen finished: ${ms(finishedAfterMs)}`,
    `throughput   ${(totals.finished / (durationMs / 1_000)).toFixed(0)} orders/s, ` +
      `faults included (${(durationMs / 1_000).toFixed(1)} s)`,
    'faults survived',
    ...faults.map(({ kind, text, inFlight }) =>
      inFlight === undefined
        ? `  ${kind.padEnd(16)} skipped: ${text}`
        : `  ${kind.padEnd(16)} ${String(inFlight).padStart(3)} orders in flight; ${text}`,
    ),
  ];
}
