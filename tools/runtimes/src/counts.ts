import { existsSync, readFileSync } from 'node:fs';
import type { CoreOutcome } from './run-core.js';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export const none: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

export function countOutcomes(outcomes: readonly CoreOutcome[]): Counts {
  return outcomes.map(countOutcome).reduce(add, none);
}

function countOutcome({ error, skipped }: CoreOutcome): Counts {
  if (error !== undefined) return { ...none, failed: 1 };
  return skipped === undefined ? { ...none, passed: 1 } : { ...none, skipped: 1 };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

/**
 * What a run of vitest says in its JSON report. A file that could not be collected, a run that crashed, and one that ran
 * nothing at all are a failure each.
 */
export function countReport(file: string, ok: boolean): Counts {
  if (!existsSync(file)) return { ...none, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length;
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return counts.failed === 0 && (!ok || counts.passed === 0) ? { ...counts, failed: 1 } : counts;
}
