import { setTimeout as sleep } from 'node:timers/promises';
import type { DriverCallOptions, RedisDriver } from '@redlane/client';
import { eventually, inTime, Loops } from '../loops.js';
import type { Scenario, SoakContext } from '../scenario.js';
import { ExecutionLedger } from './execution-ledger.js';

const ASKERS = 12;
const WRITERS = 6;

/**
 * Callers that ask for the echo of something unique, of which some give up, get what they asked for. Writes to keys of their
 * own are executed once, or not at all, as their callers were told.
 */
export const client: Scenario = {
  name: 'client',
  async start(context) {
    const { random, proxy } = context;
    const way = context.open();
    const { driver } = way;
    await driver.send(['PING']);
    const ledger = new ExecutionLedger(context);
    const loops = new Loops();
    const seen = { echoes: 0, gaveUp: 0 };
    const words = uniqueWords(random);

    const failed = (error: unknown): void => {
      const { code } = error as { code?: string };
      if (code === 'TIMEOUT' || code === 'ABORTED') seen.gaveUp++;
      else context.failed(error);
    };
    for (let i = 0; i < ASKERS; i++) {
      loops.run(async () => {
        await inTime(
          ask(context, driver, words, () => ++seen.echoes),
          'a call is settled',
        );
        await sleep(random() * 20);
      }, failed);
    }
    for (let i = 0; i < WRITERS; i++) {
      loops.run(async () => {
        await inTime(
          ledger.write((key) => write(context, driver, key)),
          'a call is settled',
        );
        await sleep(random() * 20);
      }, failed);
    }
    loops.run(async () => {
      await sleep(500);
      await ledger.check();
    }, context.failed);

    return {
      progress: () => seen.echoes + ledger.checked,
      stop: async () => {
        await loops.end();
        await way.close();
        // What is on its way is executed, or is not, before the server sees the end of its connection.
        await eventually(() => proxy.connections.length === 0, 'the connections are closed', 5_000).catch(
          () => undefined,
        );
        const executed = await ledger.close();
        return { ...seen, ...executed };
      },
    };
  },
};

/** How long somebody waits, or when they change their mind. */
function mood(random: () => number): DriverCallOptions {
  const roll = random();
  if (roll < 0.8) return {};
  if (roll < 0.9) return { timeoutMs: 1 + Math.floor(random() * 10) };
  const quits = new AbortController();
  const moment = random();
  if (moment < 0.3) queueMicrotask(() => quits.abort());
  else if (moment < 0.6) setImmediate(() => quits.abort());
  else setTimeout(() => quits.abort(), random() * 8);
  return { signal: quits.signal };
}

/** Texts of which no two are the same; most are short. */
function uniqueWords(random: () => number): () => string {
  let count = 0;
  return () => {
    const size = random() < 0.002 ? 20_000 : random() < 0.1 ? Math.floor(random() * 1_000) : 0;
    return `${++count}:${'x'.repeat(size)}`;
  };
}

async function ask(
  { random, tamper, problem }: SoakContext,
  driver: RedisDriver,
  word: () => string,
  count: () => void,
): Promise<void> {
  const compare = (sent: string, got: unknown): void => {
    if (got !== sent) problem(`asked for the echo of ${sent.slice(0, 20)}, got ${String(got).slice(0, 20)}`);
    else count();
  };
  const options = mood(random);
  const kind = random();
  if (kind < 0.85) {
    const sent = word();
    compare(sent, tamper.answer(await driver.send(['ECHO', sent], options)));
  } else if (kind < 0.97) {
    const sent = [word(), word(), word()];
    const batch = await driver.batch(
      sent.map((each) => ['ECHO', each]),
      options,
    );
    if (batch.aborted) return problem('a batch without MULTI was aborted');
    for (const [i, each] of sent.entries()) {
      // Its connection may be lost in the midst of it.
      const reply = batch.replies[i];
      if (!(reply instanceof Error)) compare(each, tamper.answer(reply));
    }
  } else {
    await using lease = await driver.lease();
    const sent = word();
    compare(sent, tamper.answer(await lease.send(['ECHO', sent], options)));
  }
}

async function write({ random }: SoakContext, driver: RedisDriver, key: string): Promise<unknown> {
  const roll = random();
  if (roll < 0.7) return driver.send(['INCR', key]);
  if (roll < 0.8) return driver.send(['INCR', key], mood(random));
  if (roll < 0.9) return driver.run("return redis.call('INCR', KEYS[1])", [key], []);
  const batch = await driver.batch(
    [
      ['INCR', key],
      ['ECHO', ''],
    ],
    { atomic: true },
  );
  return batch.aborted ? undefined : batch.replies[0];
}
