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
  const ready = new Set<ChildProcess>();
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
      ready.add(child);
      if (line === 'ready') return;
      busy.add(child);
      read(worker, line);
      // However fast the messages run out, somebody is killed among them.
      if (kills === 0) killOne();
    });
    return child;
  };
  const workers = Array.from({ length: WORKERS }, start);

  const killOne = (): void => {
    const working = workers.filter((worker) => busy.has(worker));
    const chosen = working[Math.floor(random() * working.length)];
    // Where a process takes longer to start than this, killing the last one would stop all progress.
    if (chosen === undefined || working.length < 2 || kills >= mostKills) return;
    chosen.kill('SIGKILL');
    workers[workers.indexOf(chosen)] = start();
    kills++;
  };
  const killer = setInterval(killOne, killEveryMs);
  const cutter = setInterval(() => {
    void cutSome(server, random).then(
      (count) => (cuts += count),
      () => undefined,
    );
  }, killEveryMs / 4);
  let sentTwice: Set<string>;
  try {
    await expect.poll(() => ready.size, { timeout: 60_000 }).toBeGreaterThanOrEqual(WORKERS);
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
  checkOrder(deliveries, { kills, sentTwice });
  expect(kills).toBeGreaterThan(0);
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
      if (random() < 0.02) await new Promise((resolve) => setTimeout(resolve, random() * 200));
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
 * Each receiver gets what is new in order, by its number and by its producer. Only what a wait had staged for a receiver
 * that died comes later than its successors: one for each kill, and for each receiver that the server's restart made look
 * dead. (Between receivers there is no order: two that wait at the same time are each given one.)
 */
function checkOrder(
  deliveries: readonly Delivery[],
  { kills, sentTwice }: { readonly kills: number; readonly sentTwice: ReadonlySet<string> },
): void {
  const last = new Map<number, number>();
  const newest = new Map<string, number>();
  const late: Delivery[] = [];
  for (const delivery of deliveries) {
    const { worker, seq, deliveries: count, data } = delivery;
    if (count > 1) continue;
    expect(seq).toBeGreaterThan(last.get(worker) ?? 0);
    last.set(worker, seq);
    if (sentTwice.has(data)) continue;
    const [producer = '', number = ''] = data.split(':');
    const stream = `${worker} ${producer}`;
    if (Number(number) < (newest.get(stream) ?? -1)) late.push(delivery);
    else newest.set(stream, Number(number));
  }
  expect(late.slice(kills + WORKERS)).toEqual([]);
}
