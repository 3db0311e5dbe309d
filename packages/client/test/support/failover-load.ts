import type { RedisServer, SentinelGroup } from '@redlane/redis-server';
import { expect } from 'vitest';
import { type ClientError, type Gap, RedisClient } from '../../src/index.js';

const WRITERS = 8;

/** What came of an INCR whose key nobody else has. */
interface Outcome {
  readonly key: string;
  /** The reply, or what the error says about its execution. */
  readonly result: { readonly reply: unknown } | { readonly maybeExecuted: boolean };
  /** It was called when the failover was over. */
  readonly late: boolean;
}

/**
 * A client under load while the master changes: writes, writes that wait for a replica, a command that waits at the server,
 * a subscription.
 *
 * Redis replicates asynchronously, so that the new master may lack what the old one had answered last. Asserted is that no
 * write is executed twice on the new master; that one which was refused, or never sent, is not there; that one which WAIT
 * has confirmed is there; that one which was called after the failover is there.
 */
export async function checkFailover(
  group: SentinelGroup,
  failover: () => Promise<RedisServer>,
): Promise<void> {
  await using client = new RedisClient({
    sentinels: group.sentinels.map(({ host, port }) => ({ host, port })),
    timeoutMs: 20_000,
    silenceTimeoutMs: 500,
    pingIntervalMs: 250,
    pool: { acquireTimeoutMs: 60_000 },
  });
  const run = Math.random().toString(36).slice(2);
  const outcomes: Outcome[] = [];
  const confirmed: string[] = [];
  let over = false;
  let stopped = false;
  let count = 0;

  const writer = async (): Promise<void> => {
    for (let after = 0; after < 50 && !stopped; ) {
      const key = `${run}:${count++}`;
      const late = over;
      const result = await client.call('INCR', key).then(
        (reply) => ({ reply }),
        ({ maybeExecuted }: ClientError) => ({ maybeExecuted }),
      );
      outcomes.push({ key, result, late });
      if (late) after++;
    }
  };

  const confirmer = async (): Promise<void> => {
    while (!over) {
      const key = `${run}:confirmed:${count++}`;
      const replicas = await client
        .withConnection(async (session) => {
          await session.call('INCR', key);
          return session.call('WAIT', 1, 100);
        })
        .catch(() => 0);
      if (Number(replicas) > 0) confirmed.push(key);
    }
  };

  const seen: string[] = [];
  const gaps: Gap[] = [];
  const channel = `${run}:news`;
  await client.subscribe(channel, ({ payload }) => seen.push(payload), { onGap: (gap) => gaps.push(gap) });
  const old = client.port;
  const list = `${run}:list`;
  const popped = client.call('BLPOP', list, 0).catch((error: ClientError) => error);
  const taken = client.with({ retry: 'always' }).call('BLPOP', `${list}:always`, 0);
  taken.catch(() => undefined);
  const load = Promise.all([...Array.from({ length: WRITERS }, writer), confirmer()]);
  await expect.poll(() => confirmed.length, { timeout: 10_000 }).toBeGreaterThan(5);

  let master: RedisServer;
  try {
    master = await failover();
    over = true;
    await load;
  } finally {
    over = stopped = true;
  }
  expect(client.port).toBe(master.port);
  expect(client.port).not.toBe(old);

  const values: (string | null)[] = [];
  for (let i = 0; i < outcomes.length; i += 1_000) {
    const keys = outcomes.slice(i, i + 1_000).map(({ key }) => key);
    values.push(...(await client.call<(string | null)[]>('MGET', ...keys)));
  }
  const late = { answered: 0 };
  for (const [i, { key, result, late: wasLate }] of outcomes.entries()) {
    const executed = Number(values[i] ?? 0);
    const said = `${key} is ${executed}; its caller got ${JSON.stringify(result)}`;
    if (executed > 1) expect.fail(`executed twice: ${said}`);
    if ('maybeExecuted' in result && !result.maybeExecuted && executed > 0) expect.fail(`untrue: ${said}`);
    if ('reply' in result && result.reply !== 1) expect.fail(`a wrong reply: ${said}`);
    if (!wasLate) continue;
    if (executed !== 1 || !('reply' in result)) expect.fail(`lost after the failover: ${said}`);
    late.answered++;
  }
  expect(late.answered).toBe(WRITERS * 50);
  for (const key of confirmed) expect(await client.call('GET', key)).toBe('1');

  // The pop on the old master has ended, unless its server said that it took nothing; then it waits at the new one.
  await client.call('RPUSH', list, 'x', 'x');
  await client.call('RPUSH', `${list}:always`, 'y');
  const outcome = await popped;
  if (outcome instanceof Error)
    expect(outcome).toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true });
  else expect(outcome).toEqual([list, 'x']);
  expect(await taken).toEqual([`${list}:always`, 'y']);

  await expect.poll(() => gaps.length).toBeGreaterThan(0);
  expect(gaps[0]).toMatchObject({ topic: { channel }, reason: 'connection' });
  await master.command('PUBLISH', channel, 'after');
  await expect.poll(() => seen).toEqual(['after']);
}
