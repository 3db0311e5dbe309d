import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '@redlane/pack-check';
import { type Counts, countReport } from './counts.js';
import { argumentsFor } from './left-out.js';
import type { Runtime } from './runtimes.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const SUITE_DEADLINE_MS = 1_200_000;

/** Whose tests are run: the packages in the order of their layers, and what every driver must do. */
export const SUITES = {
  'resp3-core': 'packages/resp3-core',
  client: 'packages/client',
  'driver-conformance': 'tools/driver-conformance',
  channel: 'packages/channel',
  'pubsub-manager': 'packages/pubsub-manager',
  'sse-persistence': 'packages/sse-persistence',
  'vlcp-compat': 'packages/vlcp-compat',
} as const;
export type SuiteName = keyof typeof SUITES;

export interface SuiteResult {
  readonly counts: Counts;
  /** What vitest printed, when something is wrong. */
  readonly output: string;
}

/**
 * Runs the tests of a package with vitest in a runtime, workers included.
 *
 * @param server - executable of a redis-server or valkey-server. @default the one that is found
 */
export async function runSuite(
  { kind, binary, args }: Runtime,
  name: SuiteName,
  server?: string,
): Promise<SuiteResult> {
  const folder = mkdtempSync(join(tmpdir(), 'redlane-suite-'));
  const results = join(folder, 'results.json');
  try {
    const { status, stdout, stderr } = await run(
      binary,
      [...args, 'node_modules/vitest/vitest.mjs', 'run', ...argumentsFor(kind, name)],
      join(ROOT, SUITES[name]),
      SUITE_DEADLINE_MS,
      { NO_COLOR: '1', REDLANE_RESULTS: results, ...(server === undefined ? {} : { REDIS_SERVER: server }) },
    );
    const counts = countReport(results, status === 0);
    return { counts, output: counts.failed === 0 ? '' : `${stdout}${stderr}`.trim() };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
