import { type Command, SETTLED } from './command.js';
import { DeadlineTimer } from './deadline-timer.js';
import type { TimeoutDiagnosis } from './errors.js';
import { expire } from './expire.js';
import { Ring } from './ring.js';

/** Those that were given up while they waited are thrown out when there are as many as this, or as the others. */
const SWEEP_AT = 1024;

/** Commands that wait for a connection or for room, in the order of their calls, each until its own deadline. */
export class Backlog {
  readonly #commands: Ring<Command> = new Ring();
  readonly #timer: DeadlineTimer;
  #sweepAt = SWEEP_AT;

  constructor(diagnose: () => TimeoutDiagnosis, options: { unref: boolean }) {
    this.#timer = new DeadlineTimer((now) => {
      const next = expire(this.#commands, now, diagnose);
      this.#sweep();
      return next;
    }, options);
  }

  get length(): number {
    return this.#commands.length;
  }

  push(command: Command): void {
    if (this.#commands.length >= this.#sweepAt) this.#sweep();
    this.#commands.push(command);
    this.#timer.by(command.deadline);
  }

  peek(): Command | undefined {
    return this.#commands.peek();
  }

  shift(): Command | undefined {
    return this.#commands.shift();
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
    return this.#commands.drain().filter(isWaiting);
  }

  #sweep(): void {
    this.#commands.retain(isWaiting);
    this.#sweepAt = Math.max(SWEEP_AT, 2 * this.#commands.length);
  }
}

function isWaiting(command: Command): boolean {
  return command.state !== SETTLED;
}
