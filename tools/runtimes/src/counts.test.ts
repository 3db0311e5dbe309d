import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { countOutcomes, countReport } from './counts.js';

const folder = mkdtempSync(join(tmpdir(), 'redlane-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(numPassedTests: number, numFailedTests: number, testResults: readonly object[] = []): string {
  const file = join(folder, 'report.json');
  writeFileSync(
    file,
    JSON.stringify({ numPassedTests, numFailedTests, numPendingTests: 2, numTodoTests: 1, testResults }),
  );
  return file;
}

it('counts what a report says', () => {
  expect(countReport(report(3, 1), false)).toEqual({ passed: 3, failed: 1, skipped: 3 });
});

it('a run without a report, one that failed outside of its tests, and one without tests have failed', () => {
  expect(countReport(join(folder, 'none.json'), true).failed).toBe(1);
  expect(countReport(report(3, 0), false).failed).toBe(1);
  expect(countReport(report(0, 0), true).failed).toBe(1);
});

it('a file that could not be collected has failed', () => {
  expect(countReport(report(3, 0, [{ status: 'failed', assertionResults: [] }]), false).failed).toBe(1);
});

it('counts checks', () => {
  const outcomes = [
    { area: 'a', name: 'one' },
    { area: 'a', name: 'two', error: 'no' },
    { area: 'a', name: 'three', skipped: 'not here' },
  ];
  expect(countOutcomes(outcomes)).toEqual({ passed: 1, failed: 1, skipped: 1 });
});
