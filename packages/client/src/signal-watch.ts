import { type Command, WRITTEN } from './command.js';
import { AbortError } from './errors.js';

/**
 * The commands of one view that its signal can abort. They form a list through the commands themselves, and the signal has
 * one listener while there are any: a listener for each command would cost more than the command.
 */
export class SignalWatch {
  readonly signal: AbortSignal;
  #first: Command | undefined;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** False when the signal has been aborted: the command is rejected then. */
  add(command: Command): boolean {
    if (this.#first === undefined) {
      if (this.signal.aborted) {
        command.reject(aborted(command, this.signal.reason));
        return false;
      }
      this.signal.addEventListener('abort', this.#abort, { once: true });
    } else {
      this.#first.watchedBefore = command;
    }
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
    if (this.#first === undefined) this.signal.removeEventListener('abort', this.#abort);
  }

  readonly #abort = (): void => {
    for (let command = this.#first; command !== undefined; command = this.#first) {
      this.remove(command);
      if (command.onAbort === undefined) command.reject(aborted(command, this.signal.reason));
      else command.onAbort(this.signal.reason);
    }
  };
}

export function aborted(command: Command, reason: unknown): AbortError {
  const written = command.state === WRITTEN;
  return new AbortError(command.name, {
    maybeExecuted: written,
    phase: written ? 'written' : 'queued',
    cause: reason,
  });
}
