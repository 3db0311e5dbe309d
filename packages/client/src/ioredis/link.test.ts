import { expect, it } from 'vitest';
import { Call, type RawReplies } from './call.js';
import type { Redis } from './ioredis-like.js';
import { Link, type LinkOwner } from './link.js';

/** What the owner of a link is told. */
function recordingOwner() {
  const told: string[] = [];
  const owner: LinkOwner = {
    answered: (call) => told.push(`answered ${call.name}`),
    lost: (call) => told.push(`lost ${call.name}`),
    unsent: (call, cause) => told.push(`unsent ${call.name}, ${call.delivery.phase}: ${cause.message}`),
  };
  return { told, owner };
}

function callOf(...commands: string[][]): Call {
  let made: Call | undefined;
  const exchange: Promise<RawReplies> = Call.exchange(
    { kind: 'plain', commands, timeoutMs: 60_000 },
    (call) => {
      made = call;
    },
  );
  exchange.catch(() => undefined);
  return made!;
}

/** An instance of ioredis that has ended, and whose events about that are still to come, rejects at once. */
const ended = {
  status: 'end',
  callBuffer: () => Promise.reject(new Error('Connection is closed.')),
  pipeline: () => ({ callBuffer: () => undefined, exec: () => ended.callBuffer() }),
};

it('writes nothing to an instance that has ended, so that a read is not tried there again and again', async () => {
  const { told, owner } = recordingOwner();
  const link = new Link(ended as unknown as Redis, owner);
  const calls = [callOf(['GET', 'a']), callOf(['GET', 'a'], ['GET', 'b'])];
  for (const call of calls) link.write(call);
  await new Promise((resolve) => setImmediate(resolve));
  expect(told).toEqual(calls.map(() => 'unsent GET, queued: the connection has just ended'));
  expect(calls.map(({ servedBy }) => servedBy)).toEqual([link, link]);
  expect(link.owed).toBe(0);
  for (const call of calls) call.answer([]);
});
