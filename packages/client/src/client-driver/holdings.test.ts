import { describe, expect, it, vi } from 'vitest';
import { Holdings } from './holdings.js';

const never = new Promise<never>(() => undefined);

describe('Holdings', () => {
  it('waits for calls, whatever comes of them, and gives back what is held', async () => {
    const holdings = new Holdings();
    let reject: ((error: Error) => void) | undefined;
    const call = holdings.calls.track(
      new Promise<void>((_, no) => {
        reject = no;
      }),
    );
    const giveBack = vi.fn(() => Promise.resolve());
    holdings.hold(giveBack);
    let ended = false;
    const end = holdings.end(10_000).then(() => {
      ended = true;
    });
    await vi.waitFor(() => expect(giveBack).toHaveBeenCalledOnce());
    expect(ended).toBe(false);
    reject?.(new Error('no'));
    await expect(call).rejects.toThrow('no');
    await end;
  });

  it('forgets what was given back before', async () => {
    const holdings = new Holdings();
    const giveBack = vi.fn(() => Promise.resolve());
    const force = vi.fn();
    await holdings.hold(giveBack, force)();
    await holdings.end(10);
    expect(giveBack).toHaveBeenCalledOnce();
    expect(force).not.toHaveBeenCalled();
  });

  it('uses force on what does not come back in time', async () => {
    const holdings = new Holdings();
    const force = vi.fn();
    holdings.hold(() => never, force);
    holdings.hold(() => Promise.reject(new Error('no')));
    void holdings.calls.track(never);
    await holdings.end(10);
    expect(force).toHaveBeenCalledOnce();
  });
});
