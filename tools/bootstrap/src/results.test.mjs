import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { add, fromCheck, fromVitest, none, summary } from './results.mjs';

const folder = mkdtempSync(join(tmpdir(), 'redlane-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

function reportFile(name, report) {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(report));
  return file;
}

describe('fromVitest', () => {
  it('takes the counts of the report', () => {
    const file = reportFile('plain.json', {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [],
    });
    expect(fromVitest(file, false)).toEqual({ passed: 3, failed: 1, skipped: 3 });
  });

  it('counts a file that could not be collected', () => {
    const file = reportFile('broken.json', {
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [{ status: 'failed', assertionResults: [] }],
    });
    expect(fromVitest(file, false)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a run without a report, and one that failed outside of its tests', () => {
    expect(fromVitest(join(folder, 'missing.json'), true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    const file = reportFile('outside.json', {
      numPassedTests: 3,
      numFailedTests: 0,
      numPendingTests: 0,
      numTodoTests: 0,
      testResults: [],
    });
    expect(fromVitest(file, false)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });
});

it('sums and prints the one line', () => {
  const total = add(add(none, fromCheck(true)), { passed: 4, failed: 0, skipped: 2 });
  expect(summary(total)).toBe('redlane: 5 passed, 0 failed, 2 skipped');
});
