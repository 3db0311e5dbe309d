import { setTimeout as delay } from 'node:timers/promises';
import { type DriverSource, isTransient } from '@redlane/client';
import { checkOptions, durationMs } from './checks.js';
import { ConnectionError } from './errors.js';
import { openDriver } from './open-driver.js';
import { placeOf } from './place-of.js';
import { msOfSeconds, type Wait } from './wait-options.js';

export interface WaitServeOptions {
  /** In ms. @default 5_000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const AGAIN_MS = 50;

/**
 * Waits until the server answers a PING: for one that has just been started. What will not pass by waiting, as a wrong
 * password, ends it at once. A number is the seed's argument, in seconds.
 *
 * @throws ConnectionError (`NOT_SERVING`) whose `cause` is what the last attempt has met; AbortError (`ABORTED`);
 * InvalidOptionError (`INVALID_OPTION`)
 * @example
 * await waitServe(6379, { timeoutMs: 2_000 });
 */
export async function waitServe(address: DriverSource, wait: number | WaitServeOptions = {}): Promise<void> {
  const { waitMs, signal } = waitServeOf(wait);
  const deadline = performance.now() + waitMs;
  const { driver, close } = openDriver(address);
  const where = placeOf(address);
  const refused = new AbortController();
  let met: unknown;
  const down = driver.on('down', (cause) => {
    met = cause;
    if (!isTransient(cause)) refused.abort();
  });
  const signals = signal === undefined ? refused.signal : AbortSignal.any([signal, refused.signal]);
  try {
    for (;;) {
      const leftMs = Math.max(1, deadline - performance.now());
      try {
        await driver.send(['PING'], { signal: signals, timeoutMs: leftMs });
        return;
      } catch (error) {
        if (signal?.aborted) throw error;
        if (refused.signal.aborted) throw new ConnectionError(where, 'it turns this client away', met);
        if (!isTransient(error)) throw new ConnectionError(where, 'it refuses a PING', error);
        if (performance.now() + AGAIN_MS >= deadline) {
          throw new ConnectionError(where, `no answer within ${waitMs} ms`, met ?? error);
        }
      }
      await delay(AGAIN_MS);
    }
  } finally {
    down[Symbol.dispose]();
    await close();
  }
}

function waitServeOf(wait: number | WaitServeOptions): Wait {
  if (typeof wait === 'number') return { waitMs: msOfSeconds(wait), signal: undefined };
  checkOptions(wait, 'wait');
  const { timeoutMs = 5_000, signal } = wait;
  return { waitMs: durationMs(timeoutMs, 'timeoutMs'), signal };
}
