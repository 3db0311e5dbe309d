import { type Command, SETTLED } from './command.js';
import { DeadlineTimer } from './deadline-timer.js';
import type { TimeoutDiagnosis } from './errors.js';
import { expire } from './expire.js';
import { Ring } from './ring.js';

/** Commands that wait for a connection, in the order of their calls, each until its own deadline. */
export class Backlog {
  #commands: Ring<Command> = new Ring();
  readonly #timer: DeadlineTimer;

  constructor(diagnose: () => TimeoutDiagnosis, options: { unref: boolean }) {
    this.#timer = new DeadlineTimer((now) => expire(this.#commands, now, diagnose), options);
  }

  get length(): number {
    return this.#commands.length;
  }

  push(command: Command): void {
    this.#commands.push(command);
    this.#timer.by(command.deadline);
  }

  /** Puts commands that come back from a lost connection before those that were called later. */
  unshift(commands: readonly Command[]): void {
    if (commands.length === 0) return;
    const later = this.#commands.drain();
    for (const command of commands) this.push(command);
    for (const command of later) this.push(command);
  }

  /** Takes out what still waits, in order. */
  drain(): Command[] {
    this.#timer.clear();
    return this.#commands.drain().filter((command) => command.state !== SETTLED);
  }
}
