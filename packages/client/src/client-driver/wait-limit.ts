import { AbortError, TimeoutError } from '../errors.js';

/** The caller's signal and deadline as one signal, for a command that waits at the server. */
export class WaitLimit {
  /** `undefined` when there is neither. */
  readonly signal: AbortSignal | undefined;
  readonly #timeoutMs: number;
  readonly #clear: (() => void) | undefined;
  #late = false;

  /** Without a deadline, or with one that no timer can measure, the signal is the caller's own. */
  constructor(signal: AbortSignal | undefined, timeoutMs = 0) {
    this.#timeoutMs = timeoutMs;
    if (!(timeoutMs > 0 && timeoutMs < 2 ** 31)) {
      this.signal = signal;
      return;
    }
    const either = new AbortController();
    const abort = (): void => either.abort(signal?.reason);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => {
      this.#late = true;
      either.abort();
    }, timeoutMs);
    this.signal = either.signal;
    this.#clear = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
  }

  /** The error of the command: what the deadline has aborted was too late. */
  explain(error: unknown, command: string): unknown {
    if (!this.#late || !(error instanceof AbortError)) return error;
    const { maybeExecuted, phase } = error;
    return new TimeoutError(command, { maybeExecuted, phase, timeoutMs: this.#timeoutMs });
  }

  clear(): void {
    this.#clear?.();
  }
}
