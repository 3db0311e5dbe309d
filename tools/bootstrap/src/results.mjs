import { existsSync, readFileSync } from 'node:fs';

export const none = Object.freeze({ passed: 0, failed: 0, skipped: 0 });

export function add(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/**
 * What a vitest run counted, from its JSON report. A file that could not be collected has no tests in the report, and
 * a run that crashed has no report: each counts as one failure, so that nothing is lost from the sum.
 */
export function fromVitest(file, ok) {
  if (!existsSync(file)) return { ...none, failed: 1 };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const broken = report.testResults.filter(
    (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
  );
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** A check that is not a test runner counts as one. */
export function fromCheck(ok) {
  return { ...none, [ok ? 'passed' : 'failed']: 1 };
}

export function summary({ passed, failed, skipped }) {
  return `redlane: ${passed} passed, ${failed} failed, ${skipped} skipped`;
}
