import { type Command, WRITTEN } from './command.js';
import { AbortError } from './errors.js';

/**
 * Commands that can be aborted, by signal. However many share a signal, it has one listener: adding one for each command
 * costs more than the command.
 */
export class SignalHub {
  readonly #watched: Map<AbortSignal, { commands: Set<Command>; listener: () => void }> = new Map();
  readonly #abort: (command: Command, reason: unknown) => void;

  /** `abort` decides what becomes of a command whose signal was aborted. */
  constructor(abort: (command: Command, reason: unknown) => void) {
    this.#abort = abort;
  }

  add(signal: AbortSignal, command: Command): void {
    let entry = this.#watched.get(signal);
    if (entry === undefined) {
      const commands = new Set<Command>();
      const listener = (): void => {
        this.#watched.delete(signal);
        for (const each of commands) this.#abort(each, signal.reason);
      };
      entry = { commands, listener };
      this.#watched.set(signal, entry);
      signal.addEventListener('abort', listener, { once: true });
    }
    entry.commands.add(command);
  }

  remove(signal: AbortSignal, command: Command): void {
    this.#watched.get(signal)?.commands.delete(command);
  }

  /** Lets go of signals that no command waits with. Called now and then, since a signal is mostly used again. */
  sweep(): void {
    for (const [signal, { commands, listener }] of this.#watched) {
      if (commands.size > 0) continue;
      signal.removeEventListener('abort', listener);
      this.#watched.delete(signal);
    }
  }

  clear(): void {
    for (const [signal, { listener }] of this.#watched) signal.removeEventListener('abort', listener);
    this.#watched.clear();
  }
}

export function aborted(command: Command, reason: unknown): AbortError {
  const written = command.state === WRITTEN;
  return new AbortError(command.name, {
    maybeExecuted: written,
    phase: written ? 'written' : 'queued',
    cause: reason,
  });
}
