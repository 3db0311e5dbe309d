import type { Encoded } from '@redlane/client/codec';
import { type AbortWatcher, unwatchAbort, watchAbort } from './abort-watch.js';
import { abortion } from './abortion.js';
import { PartlySentError } from './errors.js';

/** The messages of one call, on their way to a list. Settled once: when all are there, or no more will be. */
export class Parcel implements AbortWatcher {
  readonly raws: readonly Encoded[];
  /** So many of them, from the first on, are in the list. */
  sent = 0;
  /** So many more are on their way. */
  sending = 0;
  settled = false;
  readonly #signal: AbortSignal | undefined;
  readonly #resolve: (length: number) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    raws: readonly Encoded[],
    signal: AbortSignal | undefined,
    resolve: (length: number) => void,
    reject: (error: unknown) => void,
  ) {
    this.raws = raws;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#reject = reject;
    if (signal !== undefined) watchAbort(signal, this);
  }

  /** How many are not in the list. */
  get left(): number {
    return this.raws.length - this.sent;
  }

  /** So many of those on their way have arrived, and the list was so long then. */
  arrived(count: number, length: number): void {
    this.sent += count;
    this.sending = 0;
    if (this.sent === this.raws.length) {
      this.#settle();
      this.#resolve(length);
    } else if (this.#signal?.aborted) {
      this.aborted();
    }
  }

  /** No more of it arrives. */
  fail(error: unknown): void {
    if (this.settled) return;
    this.sending = 0;
    this.#settle();
    this.#reject(this.sent === 0 ? error : new PartlySentError(this.sent, this.raws.length, error));
  }

  /** What is on its way is waited for. */
  aborted(): void {
    if (this.sending === 0) this.fail(abortion('a message', this.#signal));
  }

  #settle(): void {
    this.settled = true;
    if (this.#signal !== undefined) unwatchAbort(this.#signal, this);
  }
}
