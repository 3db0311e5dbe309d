import { expect, it } from 'vitest';
import { Audience } from './audience.js';
import { Mailbox, type MailboxUser } from './mailbox.js';

/** A listener in an audience: what it was called with, and its mailbox. */
function joined(audience: Audience, parts: Partial<MailboxUser> = {}, concurrency = 1) {
  const heard: string[] = [];
  const failures: unknown[] = [];
  const user: MailboxUser = {
    decode: undefined,
    handle: (_, value: string) => void heard.push(value),
    failed: (error) => failures.push(error),
    overflowed: () => undefined,
    gaveUp: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
    ...parts,
  };
  const mailbox = new Mailbox(user, { limit: 10, policy: 'dropOldest', concurrency });
  audience.add(mailbox);
  return { mailbox, heard, failures };
}

it('hands a message to all, with the pattern that it came for', () => {
  const audience = new Audience({ pattern: 'c*' });
  const infos: unknown[] = [];
  const one = joined(audience);
  joined(audience, { handle: (...args) => void infos.push(args) });
  audience.deliver('c1', 'a');
  expect([one.heard, infos]).toEqual([['a'], [['c1', 'a', { pattern: 'c*' }]]]);
  expect(one.mailbox.stats).toMatchObject({ received: 1, delivered: 1 });
});

it('goes on with the next after one that throws', () => {
  const audience = new Audience({ channel: 'c' });
  const handle = (): never => {
    throw new Error('mine');
  };
  const members = [
    joined(audience),
    joined(audience, { handle }),
    joined(audience, { handle }),
    joined(audience),
  ];
  for (const message of ['a', 'b']) audience.deliver('c', message);
  expect(members.map(({ heard }) => heard)).toEqual([['a', 'b'], [], [], ['a', 'b']]);
  expect(members.map(({ failures }) => failures.length)).toEqual([0, 2, 2, 0]);
  expect(members[1]?.mailbox.stats).toMatchObject({ received: 2, delivered: 2, failed: 2 });
});

it('who returns a promise has it awaited from the first one on', async () => {
  const audience = new Audience({ channel: 'c' });
  const settle: (() => void)[] = [];
  const begun: string[] = [];
  const { mailbox } = joined(audience, {
    handle: (_, value: string) => {
      begun.push(value);
      return value === 'a' ? undefined : new Promise<void>((resolve) => settle.push(resolve));
    },
  });
  for (const message of ['a', 'b', 'c']) audience.deliver('c', message);
  expect(begun).toEqual(['a', 'b']);
  expect(mailbox.stats).toMatchObject({ received: 3, delivered: 2, waiting: 1, running: 1 });
  settle[0]?.();
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b', 'c']);
});

it('what is no real promise and cannot be waited for has failed', async () => {
  const audience = new Audience({ channel: 'c' });
  const { mailbox, failures } = joined(audience, {
    handle: () => ({
      // biome-ignore lint/suspicious/noThenProperty: that is what is tested
      then() {
        throw new Error('mine');
      },
    }),
  });
  audience.deliver('c', 'a');
  await new Promise(setImmediate);
  expect([failures.length, mailbox.stats.running]).toEqual([1, 0]);
});

it('who leaves in the midst of a message is not called with it, and whoever comes gets the next', () => {
  const audience = new Audience({ channel: 'c' });
  let late: ReturnType<typeof joined> | undefined;
  const first = joined(audience, {
    handle: () => {
      if (late !== undefined) return;
      for (const { mailbox } of [first, second]) {
        mailbox.end();
        audience.remove(mailbox);
      }
      late = joined(audience);
    },
  });
  const second = joined(audience);
  const third = joined(audience);
  for (const message of ['a', 'b']) audience.deliver('c', message);
  expect([second.heard, third.heard, late?.heard]).toEqual([[], ['a', 'b'], ['b']]);
  expect(audience.size).toBe(2);
  const received = [first, second, third, late].map((member) => member?.mailbox.stats.received);
  expect(received).toEqual([1, 0, 2, 1]);
});

it('counts a call from its beginning', () => {
  const audience = new Audience({ channel: 'c' });
  const seen: number[][] = [];
  const look = (): void => void seen.push(members.map(({ mailbox }) => mailbox.stats.delivered));
  const members = [joined(audience, { handle: look }), joined(audience), joined(audience, { handle: look })];
  for (const message of ['a', 'b']) audience.deliver('c', message);
  expect(seen).toEqual([
    [1, 0, 0],
    [1, 1, 1],
    [2, 1, 1],
    [2, 2, 2],
  ]);
});

it('who has come in the midst of a message has not received it', () => {
  const audience = new Audience({ channel: 'c' });
  const counts: unknown[] = [];
  let late: ReturnType<typeof joined> | undefined;
  joined(audience, {
    handle: () => {
      late ??= joined(audience);
      counts.push(late.mailbox.stats.received);
    },
  });
  for (const message of ['a', 'b']) audience.deliver('c', message);
  expect([...counts, late?.mailbox.stats.received]).toEqual([0, 0, 1]);
});

it('a listener of two topics is never called past its mailbox', async () => {
  const topics = [new Audience({ channel: 'c' }), new Audience({ channel: 'd' })] as const;
  let settle = (): void => undefined;
  const begun: string[] = [];
  const { mailbox } = joined(topics[0], {
    handle: (_, value: string) => {
      begun.push(value);
      return new Promise<void>((resolve) => {
        settle = resolve;
      });
    },
  });
  topics[1].add(mailbox);
  topics[0].deliver('c', 'a');
  topics[1].deliver('d', 'b');
  expect(begun).toEqual(['a']);
  settle();
  await Promise.resolve();
  expect(begun).toEqual(['a', 'b']);
});

it('what has to be decoded is', () => {
  const audience = new Audience({ channel: 'c' });
  const { heard } = joined(audience, { decode: (raw) => String(raw).toUpperCase() });
  audience.deliver('c', 'a');
  expect(heard).toEqual(['A']);
});
