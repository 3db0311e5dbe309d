import { describe, expect, it } from 'vitest';
import { RoutineContainer } from './routine-container.js';

const forEver = (): Promise<never> => new Promise(() => undefined);

describe('subroutines', () => {
  it('give what they return and throw', async () => {
    const container = new RoutineContainer();
    expect(await container.subroutine(() => 5)).toBe(5);
    await expect(container.subroutine(() => Promise.reject(new Error('own')))).rejects.toThrow('own');
    await expect(
      container.subroutine(() => {
        throw new Error('at once');
      }),
    ).rejects.toThrow('at once');
  });

  it('end with their container, and not the other way round', async () => {
    const container = new RoutineContainer();
    const inner = container.subroutine(async (own) => own.signal);
    inner.terminate();
    expect((await inner).aborted).toBe(true);
    expect(container.signal.aborted).toBe(false);
    const nested = container.subroutine((own) => own.subroutine((deep) => deep.signal));
    const signal = await nested;
    container.terminate();
    // It had ended: nobody follows the container any more.
    expect(signal.aborted).toBe(false);
    const late = container.subroutine((own) => own.signal);
    expect((await late).aborted).toBe(true);
  });

  it('one of them can be ended by its container', async () => {
    const container = new RoutineContainer();
    const routine = container.subroutine((own) => own.executeWithTimeout(undefined, forEver));
    container.terminate(routine);
    await expect(routine).rejects.toMatchObject({ code: 'ABORTED' });
    expect(container.signal.aborted).toBe(false);
  });

  it('are waited for when the container is disposed', async () => {
    const order: string[] = [];
    {
      await using container = new RoutineContainer();
      void container.subroutine(async (own) => {
        await own.executeWithTimeout(undefined, forEver).catch(() => undefined);
        order.push('ended');
      });
    }
    order.push('disposed');
    expect(order).toEqual(['ended', 'disposed']);
  });
});

describe('executeWithTimeout', () => {
  it('gives the result, or that the time was over, in seconds', async () => {
    const container = new RoutineContainer();
    expect(await container.executeWithTimeout(60, () => 'done')).toEqual([false, 'done']);
    let inner: AbortSignal | undefined;
    const late = container.executeWithTimeout(0.005, (own) => {
      inner = own.signal;
      return forEver();
    });
    expect(await late).toEqual([true, undefined]);
    expect(inner?.aborted).toBe(true);
    await expect(container.executeWithTimeout(60, () => Promise.reject(new Error('own')))).rejects.toThrow(
      'own',
    );
  });

  it('with nothing to wait for, waits for the time', async () => {
    expect(await new RoutineContainer().waitWithTimeout(0.001)).toEqual([true, undefined, undefined]);
  });

  it('ends with a signal from outside', async () => {
    const controller = new AbortController();
    const container = new RoutineContainer({ signal: controller.signal });
    const waiting = expect(container.waitWithTimeout(undefined)).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'enough',
    });
    controller.abort('enough');
    await waiting;
    expect(new RoutineContainer({ signal: controller.signal }).signal.reason).toBe('enough');
  });
});
