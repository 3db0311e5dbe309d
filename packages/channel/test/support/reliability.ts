import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RedisChannel } from '@redlane/channel';
import { type RedisServer, seededRandom } from '@redlane/redis-server';
import { expect } from 'vitest';

const WORKERS = 3;
const PRODUCERS = 2;
const LIST = '/jobs/client';
const script = fileURLToPath(new URL('reliable-worker.ts', import.meta.url));
const flags = ['--conditions=@redlane/source', '--import', import.meta.resolve('tsx')];

export interface Reliability {
  /** With `persistence: 'always'`. */
  readonly server: RedisServer;
  readonly driver: string;
  readonly seed: number;
  readonly messages: number;
  readonly killEveryMs: number;
  /** How often at most. @default Infinity */
  readonly mostKills?: number;
}

interface Delivery {
  readonly worker: number;
  readonly seq: number;
  readonly deliveries: number;
  readonly data: string;
}

/** What has happened, for those who want to know. */
export interface Report {
  readonly deliveries: number;
  readonly again: number;
  readonly kills: number;
  readonly cuts: number;
  readonly sentTwice: number;
}

/**
 * Two producers send numbered messages to three reliable receivers in processes of their own. Again and again one of them
 * is killed, connections are cut, and once the server is killed and started again. Nothing is lost, nothing that was acked
 * comes back, and the order is the one that is promised.
 */
export async function checkReliability(run: Reliability): Promise<Report> {
  const { server, driver, seed, messages, killEveryMs, mostKills = Number.POSITIVE_INFINITY } = run;
  const random = seededRandom(seed);
  const deliveries: Delivery[] = [];
  const acked = new Set<number>();
  const back: string[] = [];
  const failures: string[] = [];
  const busy = new Set<ChildProcess>();
  let started = 0;
  let kills = 0;
  let cuts = 0;

  const read = (worker: number, line: string): void => {
    const [word, seq = '', count = '', data = ''] = line.split(' ');
    if (word === 'acked') acked.add(Number(seq));
    else if (word === 'failed') failures.push(line);
    else if (word === 'got') {
      if (acked.has(Number(seq))) back.push(line);
      deliveries.push({ worker, seq: Number(seq), deliveries: Number(count), data });
    }
  };
  const start = (): ChildProcess => {
    const child = spawn(process.execPath, [...flags, script, driver, String(server.port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const worker = ++started;
    createInterface({ input: child.stdout }).on('line', (line) => {
      busy.add(child);
      read(worker, line);
    });
    return child;
  };
  const workers = Array.from({ length: WORKERS }, start);

  const killer = setInterval(() => {
    const working = workers.filter((worker) => busy.has(worker));
    const chosen = working[Math.floor(random() * working.length)];
    // Where a process takes longer to start than this, killing the last one would stop all progress.
    if (chosen === undefined || working.length < 2 || kills >= mostKills) return;
    chosen.kill('SIGKILL');
    workers[workers.indexOf(chosen)] = start();
    kills++;
  }, killEveryMs);
  const cutter = setInterval(() => {
    void cutSome(server, random).then(
      (count) => (cuts += count),
      () => undefined,
    );
  }, killEveryMs / 4);
  let sentTwice: Set<string>;
  try {
    const producing = Array.from({ length: PRODUCERS }, (_, p) =>
      produce(server, `p${p}`, messages / PRODUCERS, random),
    );
    const restarting = (async () => {
      await expect.poll(() => deliveries.length, { timeout: 600_000 }).toBeGreaterThan(messages / 3);
      await server.restart('SIGKILL');
    })();
    sentTwice = new Set((await Promise.all(producing)).flat());
    await restarting;
    await expect.poll(() => deliveries.length, { timeout: 600_000 }).toBeGreaterThan(0.9 * messages);
    // Recovery is to settle.
    clearInterval(killer);
    clearInterval(cutter);
    await expect.poll(() => left(server), { timeout: 600_000, interval: 200 }).toEqual([]);
  } finally {
    clearInterval(killer);
    clearInterval(cutter);
    for (const worker of workers) worker.kill('SIGTERM');
    await Promise.all(
      workers.map((worker) => (worker.exitCode ?? worker.signalCode) === null && once(worker, 'exit')),
    );
  }

  expect(back).toEqual([]);
  expect(failures).toEqual([]);
  const first = new Map<number, Delivery>();
  for (const delivery of deliveries) if (!first.has(delivery.seq)) first.set(delivery.seq, delivery);
  checkComplete([...first.values()], messages, sentTwice);
  checkOrder(deliveries, first, { faults: kills + cuts + 1, sentTwice });
  expect(kills + cuts).toBeGreaterThan(0);
  const again = deliveries.length - first.size;
  return { deliveries: deliveries.length, again, kills, cuts, sentTwice: sentTwice.size };
}

/** Sends `<name>:<number>` one after the other; gives those that may have been sent twice. */
async function produce(
  { port }: RedisServer,
  name: string,
  count: number,
  random: () => number,
): Promise<string[]> {
  const maybeTwice: string[] = [];
  await using channel = new RedisChannel<never, string>(port, '/jobs', 'client');
  for (let i = 0; i < count; ) {
    try {
      await channel.sendMsg(`${name}:${i}`);
      i++;
      if (random() < 0.02) await new Promise((resolve) => setTimeout(resolve, random() * 40));
    } catch (error) {
      if ((error as { maybeExecuted?: boolean }).maybeExecuted === true) maybeTwice.push(`${name}:${i}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  return maybeTwice;
}

/** The keys that hold messages. */
async function left(server: RedisServer): Promise<string[]> {
  const keys = (await server.command('KEYS', '*')) as string[];
  return keys.filter((key) => key !== `${LIST}:state` && key !== `${LIST}:consumers`);
}

/** Kills each connection, or not. */
async function cutSome(server: RedisServer, random: () => number): Promise<number> {
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal'));
  const ids = [...list.matchAll(/^id=(\d+) addr=127/gm)].map(([, id = '']) => id);
  const chosen = ids.filter(() => random() < 0.3);
  for (const id of chosen) await server.command('CLIENT', 'KILL', 'ID', id).catch(() => undefined);
  return chosen.length;
}

/** Every message was delivered, and none has two numbers that was sent once. */
function checkComplete(first: readonly Delivery[], messages: number, sentTwice: ReadonlySet<string>): void {
  const counts = new Map<string, number>();
  for (const { data } of first) counts.set(data, (counts.get(data) ?? 0) + 1);
  const expected = Array.from(
    { length: messages },
    (_, i) => `p${i % PRODUCERS}:${Math.floor(i / PRODUCERS)}`,
  );
  expect(expected.filter((data) => !counts.has(data))).toEqual([]);
  expect(counts.size).toBe(messages);
  const twice = [...counts].filter(([data, count]) => count > 1 && !sentTwice.has(data));
  expect(twice).toEqual([]);
}

/**
 * Each receiver gets what is new in order. By the numbers of first deliveries, each producer's messages are in order, but
 * for what a wait had staged when its receiver was cut off or killed: one for each of those.
 */
function checkOrder(
  deliveries: readonly Delivery[],
  first: ReadonlyMap<number, Delivery>,
  { faults, sentTwice }: { readonly faults: number; readonly sentTwice: ReadonlySet<string> },
): void {
  const last = new Map<number, number>();
  for (const { worker, seq, deliveries: count } of deliveries) {
    if (count > 1) continue;
    expect(seq).toBeGreaterThan(last.get(worker) ?? 0);
    last.set(worker, seq);
  }
  const newest = new Map<string, number>();
  let late = 0;
  for (const [, { data }] of [...first].sort(([one], [other]) => one - other)) {
    if (sentTwice.has(data)) continue;
    const [producer = '', number = ''] = data.split(':');
    const before = newest.get(producer) ?? -1;
    if (Number(number) < before) late++;
    else newest.set(producer, Number(number));
  }
  expect(late).toBeLessThanOrEqual(faults);
}
