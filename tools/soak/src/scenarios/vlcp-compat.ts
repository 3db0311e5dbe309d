import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RedisClient, RoutineContainer } from '@redlane/vlcp-compat';
import { eventually, Loops } from '../loops.js';
import type { Scenario, SoakContext } from '../scenario.js';
import { clientOptions } from '../way.js';

const WORKERS = 3;
const LOCK = 'soak:vlcp:lock';
const COUNTER = 'soak:vlcp:counter';
const DATABASE = 'soak:vlcp:db';
const TTL_MS = 10_000;

const RENEW = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2])";
const UNLOCK = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1])";
const EXPECTED = ['CONNECTION_DOWN', 'CONNECTION_RESTARTED'];

/**
 * A lock that never has two holders; a counter that grows by each transaction once; and connections from the pool that
 * remember nothing of who had them before. Always over `RedisClient`, on which this package stands.
 */
export const vlcpCompat: Scenario = {
  name: 'vlcp-compat',
  async start(context) {
    const { random, direct, tamper, problem } = context;
    const client = new RedisClient({
      url: `tcp://${context.proxy.host}:${context.proxy.port}/`,
      protocol: clientOptions(context.proxy),
    });
    const container = new RoutineContainer();
    const loops = new Loops();
    const seen = { locks: 0, transactions: 0, doubtful: 0, contexts: 0 };
    let holders = 0;
    await direct.call('SET', DATABASE, 0);
    await client.executeCommand('PING');

    const failed = (error: unknown): void => context.failed(error, ...EXPECTED);
    const hold = tamper.heard((by: number) => {
      holders += by;
      if (holders > 1) problem(`the lock has ${holders} holders`);
      if (holders < 0) problem('the lock was given back by nobody');
    });
    for (let i = 0; i < WORKERS; i++) {
      loops.run(async () => {
        const token = randomUUID();
        if (!(await lock(client, token, context))) return;
        hold(1);
        await sleep(random() * 5);
        hold(-1);
        await unlock(client, token, context);
        seen.locks++;
      }, failed);
      loops.run(async () => {
        await using connection = await client.getConnection(container);
        const outcome = await increment(connection, random);
        if (outcome === 'done') seen.transactions++;
        else if (outcome === 'unknown') seen.doubtful++;
        await sleep(random() * 10);
      }, failed);
      loops.run(async () => {
        await using connection = await client.getConnection(container);
        await using own = connection.context({});
        const before = tamper.answer(await own.executeCommand('GET', DATABASE));
        if (before !== '0') problem(`a connection of the pool is not in database 0: it reads ${before}`);
        await own.executeCommand('SELECT', 1 + Math.floor(random() * 3));
        const inside = await own.executeCommand('GET', DATABASE);
        if (inside !== null) problem(`in another database ${inside} is read`);
        seen.contexts++;
        await sleep(random() * 20);
      }, failed);
    }

    return {
      progress: () => seen.locks + seen.transactions + seen.contexts,
      stop: async () => {
        await loops.end();
        container.terminate();
        await client.shutdown();
        await eventually(
          () => context.proxy.connections.length === 0,
          'the connections are closed',
          5_000,
        ).catch(() => undefined);
        const count = Number(await direct.call('GET', COUNTER));
        if (count < seen.transactions || count > seen.transactions + seen.doubtful) {
          problem(
            `the counter is ${count} after ${seen.transactions} transactions and ${seen.doubtful} doubtful ones`,
          );
        }
        return seen;
      },
    };
  },
};

/**
 * False when somebody else has the lock. An attempt whose reply was lost may have got it, so what counts is the renewal: from
 * before that on it is ours for `TTL_MS`, of which we use the first half only.
 */
async function lock(client: RedisClient, token: string, { failed }: SoakContext): Promise<boolean> {
  const renewal = await client.registerScript(RENEW);
  await client
    .executeCommand('SET', LOCK, token, 'NX', 'PX', TTL_MS)
    .catch((error) => failed(error, ...EXPECTED));
  const before = performance.now();
  const renewed = await client.evalRegistered(renewal, 1, LOCK, token, TTL_MS);
  return renewed === 1 && performance.now() - before < TTL_MS / 2;
}

/** Once more until it is certain. */
async function unlock(client: RedisClient, token: string, { failed }: SoakContext): Promise<void> {
  const script = await client.registerScript(UNLOCK);
  for (;;) {
    try {
      await client.evalRegistered(script, 1, LOCK, token);
      return;
    } catch (error) {
      failed(error, ...EXPECTED);
      await sleep(20);
    }
  }
}

type Connection = Awaited<ReturnType<RedisClient['getConnection']>>;

/** Adds one by WATCH, so that two who read the same number never both write. */
async function increment(
  connection: Connection,
  random: () => number,
): Promise<'done' | 'conflict' | 'unknown'> {
  await using own = connection.context({});
  await own.executeCommand('WATCH', COUNTER);
  const count = Number(await own.executeCommand('GET', COUNTER));
  if (random() < 0.3) await sleep(random() * 5);
  try {
    const replies = await own.batchExecute(['MULTI'], ['SET', COUNTER, count + 1], ['EXEC'], {
      raiseFirstException: true,
    });
    return replies.at(-1) === null ? 'conflict' : 'done';
  } catch (error) {
    if ((error as { maybeExecuted?: unknown }).maybeExecuted !== false) return 'unknown';
    throw error;
  }
}
