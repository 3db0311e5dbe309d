import { describe, expect, it, vi } from 'vitest';
import { Outbox, Refused } from './outbox.js';

const tea = 'tea';

interface Call {
  readonly key: string;
  readonly confirm: () => void;
  readonly fail: (error: Error) => void;
}

function start() {
  const calls: Call[] = [];
  const pauses: (() => void)[] = [];
  const refusals: string[] = [];
  let waiting = 0;
  const outbox = new Outbox<string>({
    post: (_item, key) =>
      new Promise((resolve, reject) => {
        calls.push({ key, confirm: resolve, fail: reject });
      }),
    pause: () => new Promise((resolve) => pauses.push(resolve)),
    onChange: (count) => {
      waiting = count;
    },
    onRefused: (message) => refusals.push(message),
  });
  return { outbox, calls, pauses, refusals, waiting: () => waiting };
}

describe('the outbox', () => {
  it('sends three at a time, each under a key of its own', async () => {
    const { outbox, calls, waiting } = start();
    for (let i = 0; i < 5; i++) outbox.place(tea);
    expect(calls).toHaveLength(3);
    expect(waiting()).toBe(5);
    calls[0]?.confirm();
    await vi.waitFor(() => expect(calls).toHaveLength(4));
    expect(waiting()).toBe(4);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(4);
  });

  it('sends again under the same key what may not have arrived, after a pause', async () => {
    const { outbox, calls, pauses, waiting } = start();
    outbox.place(tea);
    calls[0]?.fail(new TypeError('Failed to fetch'));
    await vi.waitFor(() => expect(pauses).toHaveLength(1));
    expect(calls).toHaveLength(1);
    pauses[0]?.();
    await vi.waitFor(() => expect(calls).toHaveLength(2));
    expect(calls[1]?.key).toBe(calls[0]?.key);
    calls[1]?.confirm();
    await vi.waitFor(() => expect(waiting()).toBe(0));
  });

  it('drops what is refused, and says why', async () => {
    const { outbox, calls, refusals, waiting } = start();
    outbox.place(tea);
    calls[0]?.fail(new Refused('no tea today'));
    await vi.waitFor(() => expect(waiting()).toBe(0));
    expect(refusals).toEqual(['no tea today']);
    expect(calls).toHaveLength(1);
  });

  it('keeps orders while it is closed', () => {
    const { outbox, calls, waiting } = start();
    outbox.close();
    outbox.place(tea);
    outbox.place(tea);
    expect(calls).toHaveLength(0);
    expect(waiting()).toBe(2);
    outbox.open();
    expect(calls).toHaveLength(2);
  });
});
