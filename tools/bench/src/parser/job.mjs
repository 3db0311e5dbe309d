import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const RUNNER = fileURLToPath(new URL('run.mjs', import.meta.url));
/**
 * Collections between the turns are ours to time. They must not age out the bytecode of a contender that waits for its
 * turn.
 */
const FLAGS = ['--expose-gc', '--no-flush-bytecode'];

/**
 * Measures one corpus in a process of its own, so that no corpus is decoded by code which another has shaped.
 *
 * @param {{ corpus: string, mode: 'strings' | 'bytes', chunks: string, rounds: number }} job
 */
export async function runJob(job) {
  const child = fork(RUNNER, { execArgv: FLAGS });
  const outcome = Promise.race([
    once(child, 'message').then(([message]) => message),
    once(child, 'exit').then(([code, signal]) => ({ error: `the runner ended early (${signal ?? code})` })),
  ]);
  child.send(job);
  const { result, error } = await outcome;
  if (error !== undefined) throw new Error(`${job.corpus}, ${job.mode}, ${job.chunks}: ${error}`);
  return { ...job, ...result };
}
