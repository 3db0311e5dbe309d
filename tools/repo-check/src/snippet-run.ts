import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { startCluster, startServer } from '@redlane/redis-server';
import { error, type Finding } from './finding.js';
import type { SnippetFolder } from './snippet-folder.js';
import type { Snippet } from './snippets.js';

export interface RunOptions {
  /** How long one snippet may take before it is killed, in milliseconds. @default 20000 */
  readonly deadlineMs?: number;
}

interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly late: boolean;
}

const STACK = /^\s+at .*:\d+:\d+\)?$/m;
const TSX = import.meta.resolve('tsx');

/**
 * Runs the snippets marked `ts run`, each alone with a real server of its own, or a cluster of which it gets one node. It finds
 * that by `process.env.REDIS_URL` (or `REDIS_HOST` and `REDIS_PORT`), must end by itself, with status 0 and no stack trace.
 */
export async function runSnippets(
  { files }: SnippetFolder,
  { deadlineMs = 20_000 }: RunOptions = {},
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [file, snippet] of files) {
    if (snippet.runsOn === undefined) continue;
    await using servers = await start(snippet.runsOn);
    const outcome = await run(file, servers.url, deadlineMs);
    const problem = problemOf(outcome, deadlineMs);
    if (problem !== undefined)
      findings.push(error(snippet.document, lineOf(outcome, file, snippet), problem));
  }
  return findings;
}

async function start(what: 'server' | 'cluster'): Promise<{ readonly url: string } & AsyncDisposable> {
  if (what === 'server') return startServer();
  const cluster = await startCluster();
  return { url: cluster.nodes[0]!.url, [Symbol.asyncDispose]: () => cluster.stop() };
}

function run(file: string, url: string, deadlineMs: number): Promise<Outcome> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    // The snippets use `await using`, which Node 20 cannot parse: tsx lowers it.
    const child = spawn(process.execPath, ['--import', TSX, '--conditions=@redlane/source', file], {
      env: { ...process.env, REDIS_URL: url, REDIS_HOST: hostname, REDIS_PORT: port },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let late = false;
    const deadline = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, deadlineMs);
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(deadline);
      resolve({ status, output: Buffer.concat(chunks).toString(), late });
    });
  });
}

function problemOf({ status, output, late }: Outcome, deadlineMs: number): string | undefined {
  if (late)
    return `the snippet did not end within ${deadlineMs} ms: close what it opens\n${output}`.trimEnd();
  if (status !== 0) return `the snippet ended with status ${status}\n${output}`.trimEnd();
  if (STACK.test(output)) return `the snippet printed a stack trace\n${output}`.trimEnd();
  return undefined;
}

/** Where in the document it went wrong, when the stack names the snippet; else the block's first line. */
function lineOf({ output }: Outcome, file: string, snippet: Snippet): number {
  const place = output.split(`${basename(file)}:`)[1];
  const line = Number.parseInt(place ?? '', 10);
  return Number.isNaN(line) ? snippet.line : line;
}
