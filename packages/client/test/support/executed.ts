import { expect } from 'vitest';
import type { ClientError } from '../../src/index.js';
import { type OracleOptions, runInTrouble, type Stage } from './trouble-run.js';

const CALLERS = 50;

/** What came of an INCR whose key nobody else has: its reply, or whether it may have been executed. */
type Outcome = { readonly reply: unknown } | { readonly maybeExecuted: boolean };

/**
 * Writes and reads under faults. No write is executed twice, every error says the truth about its command, and reads are
 * answered.
 */
export async function checkExecuted(options: OracleOptions): Promise<void> {
  const { server, commands } = options;
  const outcomes = new Map<string, Outcome>();

  const write = async ({ client, random }: Stage, key: string): Promise<unknown> => {
    const dice = random();
    if (dice < 0.7) return client.call('INCR', key);
    if (dice < 0.8) return client.with({ timeoutMs: 1 + Math.floor(random() * 10) }).call('INCR', key);
    if (dice < 0.9)
      return (
        await client.pipeline([
          ['GET', 'constant'],
          ['INCR', key],
        ])
      )[1];
    const outcome = await client.transaction([
      ['INCR', key],
      ['GET', 'constant'],
    ]);
    return outcome.aborted ? undefined : outcome.replies[0];
  };

  const caller = async (stage: Stage): Promise<void> => {
    while (outcomes.size < commands) {
      const key = `n:${outcomes.size}`;
      outcomes.set(key, { maybeExecuted: true });
      const outcome = await write(stage, key).then(
        (reply) => ({ reply }),
        ({ maybeExecuted }: ClientError) => ({ maybeExecuted }),
      );
      outcomes.set(key, outcome);
      expect(await stage.client.call('GET', 'constant')).toBe('value');
      stage.progress.step();
    }
  };

  await server.command('SET', 'constant', 'value');
  await runInTrouble(options, CALLERS, caller);
  // What was on its way is executed, or is not, before the server sees the end of the connection.
  await expect
    .poll(
      async () =>
        (await server.command('CLIENT', 'LIST', 'TYPE', 'normal'))?.toString().split('\n').filter(Boolean)
          .length,
    )
    .toBe(1);

  const keys = [...outcomes.keys()];
  const values = (await server.command('MGET', ...keys)) as (string | null)[];
  const seen = { once: 0, maybe: 0, never: 0 };
  for (const [i, key] of keys.entries()) {
    const outcome = outcomes.get(key) as Outcome;
    const executed = Number(values[i] ?? 0);
    const said = JSON.stringify(outcome);
    if (executed > 1) expect.fail(`${key} was executed ${executed} times; its caller got ${said}`);
    if ('reply' in outcome) {
      if (outcome.reply !== 1 || executed !== 1) expect.fail(`${key} is ${executed}; its caller got ${said}`);
      seen.once++;
    } else if (outcome.maybeExecuted) seen.maybe++;
    else {
      if (executed !== 0) expect.fail(`${key} was executed, but its caller was told that it was not`);
      seen.never++;
    }
  }
  expect(seen.once).toBeGreaterThan(commands / 2);
  expect(seen.maybe).toBeGreaterThan(0);
}
