import type { Ending } from './cancel-blocking.js';
import { type Command, WRITTEN } from './command.js';
import { AbortError } from './errors.js';

const watches = new WeakMap<AbortSignal, SignalWatch>();

/**
 * The commands that a signal can abort. They form a list through the commands themselves, and the signal has one listener,
 * from its first command on: a listener for each command, or its removal after each, would cost more than the command.
 */
export class SignalWatch {
  readonly signal: AbortSignal;
  #first: Command | undefined;
  #listening = false;
  #aborted = false;

  /** The watch of this signal, however many callers share it. */
  static of(signal: AbortSignal): SignalWatch {
    let watch = watches.get(signal);
    if (watch === undefined) {
      watch = new SignalWatch(signal);
      watches.set(signal, watch);
    }
    return watch;
  }

  private constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** False when the signal has been aborted: the command is rejected then. */
  add(command: Command): boolean {
    if (!this.#listening) this.#listen();
    if (this.#aborted) {
      command.reject(aborted(command, this.signal.reason));
      return false;
    }
    if (this.#first !== undefined) this.#first.watchedBefore = command;
    command.watchedAfter = this.#first;
    this.#first = command;
    command.watched = true;
    return true;
  }

  remove(command: Command): void {
    if (!command.watched) return;
    const { watchedBefore: before, watchedAfter: after } = command;
    if (before === undefined) this.#first = after;
    else before.watchedAfter = after;
    if (after !== undefined) after.watchedBefore = before;
    command.watched = false;
    command.watchedBefore = command.watchedAfter = undefined;
  }

  #listen(): void {
    this.#listening = true;
    if (this.signal.aborted) this.#aborted = true;
    else this.signal.addEventListener('abort', this.#abort, { once: true });
  }

  readonly #abort = (): void => {
    this.#aborted = true;
    for (let command = this.#first; command !== undefined; command = this.#first) {
      this.remove(command);
      if (command.onAbort === undefined) command.reject(aborted(command, this.signal.reason));
      else command.onAbort(this.signal.reason);
    }
  };
}

/** How a command ends whose signal was aborted for this reason. */
export function abortedBy(command: Command, reason: unknown): Ending {
  return (delivery) => new AbortError(command.name, { ...delivery, cause: reason });
}

export function aborted(command: Command, reason: unknown): Error {
  const written = command.state === WRITTEN;
  return abortedBy(command, reason)({ maybeExecuted: written, phase: written ? 'written' : 'queued' });
}
