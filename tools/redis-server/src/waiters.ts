import { RedisServerError } from './errors.js';

/** How long to wait. */
export interface WaitLimit {
  /** In ms. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/** People who wait for something to be told. */
export class Waiters<T> {
  readonly #waiting = new Set<{ tell(value: T): void; fail(error: Error): void }>();

  /** The next value told that fits. */
  wait(what: string, fits: (value: T) => boolean, { timeoutMs = 5000 }: WaitLimit = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        this.#waiting.delete(waiter);
      };
      const waiter = {
        tell: (value: T) => {
          if (!fits(value)) return;
          leave();
          resolve(value);
        },
        fail: (error: Error) => {
          leave();
          reject(error);
        },
      };
      const timer = setTimeout(
        () =>
          waiter.fail(
            new RedisServerError('WAIT_TIMEOUT', `${what} did not come to the proxy within ${timeoutMs} ms.`),
          ),
        timeoutMs,
      );
      this.#waiting.add(waiter);
    });
  }

  tell(value: T): void {
    for (const waiter of [...this.#waiting]) waiter.tell(value);
  }

  /** Whoever still waits, waits in vain. */
  close(): void {
    const error = new RedisServerError(
      'PROXY_CLOSED',
      'the proxy was closed while a test waited for something.',
    );
    for (const waiter of [...this.#waiting]) waiter.fail(error);
  }
}
