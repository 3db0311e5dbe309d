import { dirname } from 'node:path';
import { run } from '@redlane/pack-check';
import type { OpenServers } from './core-servers.js';
import type { Runtime } from './runtimes.js';

/** What came of one check of the core paths. */
export interface CoreOutcome {
  readonly area: string;
  readonly name: string;
  readonly error?: string;
  readonly skipped?: string;
}

const CORE_DEADLINE_MS = 120_000;

/**
 * Runs the core program in a runtime. That it ends by itself, with nothing open, is a check of its own, the last of the
 * list: a program that says nothing, crashes or hangs is never a success.
 */
export async function runCore(
  { binary, args }: Runtime,
  program: string,
  servers: OpenServers,
  protocol: 2 | 3,
): Promise<CoreOutcome[]> {
  const { status, stdout, stderr } = await run(
    binary,
    [...args, program],
    dirname(program),
    CORE_DEADLINE_MS,
    servers.environment(protocol),
  );
  const outcomes = stdout.split('\n').flatMap((line) => outcomeOf(line));
  const end = { area: 'process', name: 'ends by itself' };
  if (status === 0 && outcomes.length > 0) return [...outcomes, end];
  const error = `it ${status === null ? 'had to be killed' : `ended with status ${status}`} after ${outcomes.length} checks`;
  return [...outcomes, { ...end, error: `${error}\n${stderr.trim()}` }];
}

function outcomeOf(line: string): CoreOutcome[] {
  return line.startsWith('{"area"') ? [JSON.parse(line) as CoreOutcome] : [];
}
