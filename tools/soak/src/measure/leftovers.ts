import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { eventually } from '../loops.js';

const run = promisify(execFile);

/** Sockets, timers and processes of a moment. */
export interface Belongings {
  readonly resources: ReadonlyMap<string, number>;
  readonly children: ReadonlySet<number>;
}

export async function belongings(): Promise<Belongings> {
  return { resources: resources(), children: await children() };
}

export interface Given {
  /** What there was before the run. */
  readonly before: Belongings;
  /** Processes that the run has started, below whichever parent. */
  readonly pids: Iterable<number>;
  readonly folder: string;
  /** How long closing may take, in ms. */
  readonly timeoutMs: number;
}

/** What a run has left behind, once closing has had its time. */
export async function leftovers({ before, pids, folder, timeoutMs }: Given): Promise<string[]> {
  const left = async (): Promise<string[]> => [
    ...moreOf(resources(), before.resources),
    ...[...(await children())]
      .filter((pid) => !before.children.has(pid))
      .map((pid) => `child process ${pid}`),
    ...[...pids].filter(isAlive).map((pid) => `server process ${pid}`),
    ...(existsSync(folder) ? [`folder ${folder}`] : []),
  ];
  await eventually(async () => (await left()).length === 0, 'all is gone', timeoutMs).catch(() => undefined);
  return left();
}

function moreOf(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): string[] {
  return [...now]
    .map(([type, count]) => [type, count - (before.get(type) ?? 0)] as const)
    .filter(([, more]) => more > 0)
    .map(([type, more]) => `${more} ${type}`);
}

function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const type of process.getActiveResourcesInfo()) counts.set(type, (counts.get(type) ?? 0) + 1);
  return counts;
}

async function children(): Promise<Set<number>> {
  const parents = process.platform === 'linux' ? parentsByProc() : await parentsByPs();
  return new Set(parents.filter(([, parent]) => parent === process.pid).map(([pid]) => pid));
}

type Parentage = readonly [pid: number, parent: number];

/** Small images have no `ps`. */
function parentsByProc(): Parentage[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        // The name, in parentheses, may contain anything.
        const [, parent] = /.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        return [[Number(pid), Number(parent)] as const];
      } catch {
        return []; // It has ended meanwhile.
      }
    });
}

async function parentsByPs(): Promise<Parentage[]> {
  const listing = run('ps', ['-A', '-o', 'pid=,ppid=']);
  const { stdout } = await listing;
  return stdout
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number) as [number, number])
    .filter(([pid]) => pid !== listing.child.pid);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
