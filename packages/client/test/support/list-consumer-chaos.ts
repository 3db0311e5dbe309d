import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';

const WORKERS = 3;
const script = fileURLToPath(new URL('list-consumer-worker.ts', import.meta.url));
const flags = ['--conditions=@redlane/source', '--import', import.meta.resolve('tsx')];

export interface Chaos {
  readonly server: RedisServer;
  readonly seed: number;
  readonly elements: number;
  /** A worker is killed so often, in ms. */
  readonly killEveryMs: number;
  /** How many of them at most. @default Infinity */
  readonly mostKills?: number;
}

interface Delivery {
  readonly worker: number;
  readonly seq: number;
  readonly deliveries: number;
  readonly raw: string;
}

/**
 * Three consumers in processes of their own, over both drivers, of which one after the other is killed, while connections are cut: nothing is
 * lost, nothing comes back that was acked, and the order is the one that is documented.
 */
export async function checkChaos(chaos: Chaos): Promise<void> {
  const { server, seed, elements, killEveryMs, mostKills = Number.POSITIVE_INFINITY } = chaos;
  const random = seededRandom(seed);
  const deliveries: Delivery[] = [];
  const acked = new Set<number>();
  /** They have begun to work. */
  const busy = new Set<ChildProcess>();
  const back: string[] = [];
  let kills = 0;
  let cuts = 0;
  let started = 0;

  const read = (worker: number, line: string): void => {
    const [word, seq = '', count = '', ...raw] = line.split(' ');
    if (word === 'acked') acked.add(Number(seq));
    else if (word === 'got') {
      if (acked.has(Number(seq))) back.push(line);
      deliveries.push({ worker, seq: Number(seq), deliveries: Number(count), raw: raw.join(' ') });
    }
  };
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [...flags, script, String(server.port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const worker = ++started;
    createInterface({ input: child.stdout }).on('line', (line) => {
      busy.add(child);
      read(worker, line);
    });
    return child;
  };

  // Three of four are numbered, and the others all the same.
  const raws = Array.from({ length: elements }, (_, i) => (i % 4 === 3 ? 'same' : `${i}`));
  const half = elements / 2;
  await server.command('RPUSH', 'list', ...raws.slice(0, half));
  const workers = Array.from({ length: WORKERS }, start);

  const killer = setInterval(() => {
    const working = workers.filter((worker) => busy.has(worker));
    const chosen = working[Math.floor(random() * working.length)];
    if (chosen === undefined || kills >= mostKills) return;
    chosen.kill('SIGKILL');
    workers[workers.indexOf(chosen)] = start();
    kills++;
  }, killEveryMs);
  const cutter = setInterval(
    () => void cutSome(server, random).then((count) => (cuts += count)),
    killEveryMs / 3,
  );
  try {
    // Some of the time they wait.
    for (const raw of raws.slice(half)) {
      if (random() < 0.01) await new Promise((resolve) => setTimeout(resolve, random() * 20));
      await server.command('RPUSH', 'list', raw);
    }
    await expect.poll(() => leftOf(server), { timeout: 300_000, interval: 100 }).toEqual([]);
  } finally {
    clearInterval(killer);
    clearInterval(cutter);
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(
      workers.map((worker) => (worker.exitCode ?? worker.signalCode) === null && once(worker, 'exit')),
    );
  }

  expect(back).toEqual([]);
  const first = new Map<number, Delivery>();
  for (const delivery of deliveries) if (!first.has(delivery.seq)) first.set(delivery.seq, delivery);
  // Nothing was lost, and nothing was invented: equal ones are as many as there were.
  expect([...first.values()].map(({ raw }) => raw).sort()).toEqual([...raws].sort());
  checkOrder(deliveries, first, kills + cuts);
  expect(await leftOf(server)).toEqual([]);
  expect(kills).toBeGreaterThan(1);
  expect(deliveries.length).toBeGreaterThan(elements);
}

/** The keys that hold elements. */
async function leftOf(server: RedisServer): Promise<string[]> {
  const keys = (await server.command('KEYS', '*')) as string[];
  return keys.filter((key) => key !== 'work:state' && key !== 'work:consumers');
}

/** Kills each of the workers' connections, or not. */
async function cutSome(server: RedisServer, random: () => number): Promise<number> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal'));
  const ids = [...list.matchAll(/^id=(\d+) addr=127/gm)].map(([, id = '']) => id);
  const chosen = ids.filter(() => random() < 0.4);
  for (const id of chosen) await server.command('CLIENT', 'KILL', 'ID', id).catch(() => undefined);
  return chosen.length;
}

/** Each gets what is new in the order of the list; only what a wait had staged when it was cut off may be late. */
function checkOrder(
  deliveries: readonly Delivery[],
  first: ReadonlyMap<number, Delivery>,
  faults: number,
): void {
  const last = new Map<number, number>();
  for (const { worker, seq, deliveries: count } of deliveries) {
    if (count > 1) continue;
    expect(seq).toBeGreaterThan(last.get(worker) ?? 0);
    last.set(worker, seq);
  }
  let newest = -1;
  let late = 0;
  for (const [, { raw }] of [...first].sort(([one], [other]) => one - other)) {
    if (raw === 'same') continue;
    if (Number(raw) < newest) late++;
    newest = Math.max(newest, Number(raw));
  }
  expect(late).toBeLessThanOrEqual(faults);
}
