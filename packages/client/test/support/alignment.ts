import { expect } from 'vitest';
import type { Caller, ClientError } from '../../src/index.js';
import { type OracleOptions, runInTrouble, type Stage } from './trouble-run.js';

const CALLERS = 200;

/**
 * Callers that ask for the echo of something unique, and give up at random, while the connection is troubled: what they
 * get is what they asked for, and each of them gets something.
 */
export async function checkAlignment(options: OracleOptions): Promise<void> {
  const answered = { replies: 0, TIMEOUT: 0, ABORTED: 0 };
  let asked = 0;

  /** A view that will give up, or not. */
  const mood = ({ client, random }: Stage): Caller => {
    const dice = random();
    if (dice < 0.8) return client;
    if (dice < 0.9) return client.with({ timeoutMs: 1 + Math.floor(random() * 10) });
    const quits = new AbortController();
    const moment = random();
    if (moment < 0.3) queueMicrotask(() => quits.abort());
    else if (moment < 0.6) setImmediate(() => quits.abort());
    else setTimeout(() => quits.abort(), random() * 8);
    return client.with({ signal: quits.signal });
  };

  const word = (random: () => number): string => {
    const size = random() < 0.0005 ? 70_000 : random() < 0.1 ? Math.floor(random() * 1_000) : 0;
    return `${++asked}:${'x'.repeat(size)}`;
  };

  const ask = async (view: Caller, random: () => number): Promise<void> => {
    const kind = random();
    if (kind < 0.9) {
      const sent = word(random);
      const got = await view.call('ECHO', sent);
      if (got !== sent) expect.fail(`asked for ${sent.slice(0, 20)}, got ${String(got).slice(0, 20)}`);
    } else if (kind < 0.95) {
      const sent = word(random);
      const got = await view.with({ replies: 'bytes' }).call<Uint8Array>('ECHO', sent);
      if (Buffer.from(got).toString() !== sent) expect.fail(`asked for the bytes of ${sent.slice(0, 20)}`);
    } else {
      const sent = [word(random), word(random), word(random)];
      const got = await view.pipeline(sent.map((each) => ['ECHO', each]));
      expect(got).toEqual(sent);
    }
    answered.replies++;
  };

  const caller = async (stage: Stage): Promise<void> => {
    const { client, random, progress } = stage;
    while (progress.done < options.commands) {
      const view = mood(stage);
      await ask(view, random).catch((error: ClientError) => {
        if (view === client || (error.code !== 'TIMEOUT' && error.code !== 'ABORTED')) throw error;
        answered[error.code]++;
      });
      progress.step();
    }
  };

  await runInTrouble(options, CALLERS, caller);
  // All three did happen.
  expect(Math.min(answered.replies, answered.TIMEOUT, answered.ABORTED)).toBeGreaterThan(0);
}
