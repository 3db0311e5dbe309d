import { Backlog } from './backlog.js';
import type { ResolvedOptions } from './client-options.js';
import { type Command, SETTLED } from './command.js';
import { QueueFullError, type TimeoutDiagnosis } from './errors.js';

/**
 * Counts what has been called and not answered, whether it waits or is on the wire, and holds back what would be too
 * much. A command that alone exceeds the limit of bytes is admitted when nothing else is pending.
 */
export class Admission {
  readonly #limits: ResolvedOptions['limits'];
  readonly #admit: (command: Command) => void;
  readonly #outside: Backlog;
  #lettingIn = false;
  readonly #emptyWaiters: (() => void)[] = [];
  commands = 0;
  bytes = 0;

  /** `admit` gets the commands for which there is room, in the order of the calls. */
  constructor(options: ResolvedOptions, admit: (command: Command) => void, diagnose: () => TimeoutDiagnosis) {
    this.#limits = options.limits;
    this.#admit = admit;
    this.#outside = new Backlog(diagnose, options);
  }

  /** Commands that wait for room. */
  get waiting(): number {
    return this.#outside.length;
  }

  enter(command: Command): void {
    const { commands, bytes, policy } = this.#limits;
    if (this.#outside.length === 0 && this.#hasRoom(command)) {
      this.#count(command);
      this.#admit(command);
    } else if (policy === 'wait') {
      this.#outside.push(command);
    } else {
      const limit = this.commands >= commands ? 'commands' : 'bytes';
      command.reject(new QueueFullError(limit, limit === 'commands' ? commands : bytes));
    }
  }

  /** A command that was counted is settled: there is room for another. */
  leave(command: Command): void {
    this.commands--;
    this.bytes -= command.bytes;
    if (this.#outside.length > 0) this.#letIn();
    if (this.commands === 0 && this.#emptyWaiters.length > 0) {
      for (const wake of this.#emptyWaiters.splice(0)) wake();
    }
  }

  /** Resolves when nothing is pending any more. */
  empty(): Promise<void> {
    if (this.commands === 0 && this.waiting === 0) return Promise.resolve();
    return new Promise((resolve) => this.#emptyWaiters.push(resolve));
  }

  /** Takes out those that still wait for room. */
  drain(): Command[] {
    return this.#outside.drain();
  }

  #hasRoom({ bytes }: Command): boolean {
    if (this.commands >= this.#limits.commands) return false;
    return this.bytes + bytes <= this.#limits.bytes || this.commands === 0;
  }

  #count(command: Command): void {
    this.commands++;
    this.bytes += command.bytes;
    command.counted = true;
  }

  #letIn(): void {
    // One that is turned down as soon as it is in makes room again, which comes back here.
    if (this.#lettingIn) return;
    this.#lettingIn = true;
    for (let command = this.#outside.peek(); command !== undefined; command = this.#outside.peek()) {
      if (command.state !== SETTLED) {
        if (!this.#hasRoom(command)) break;
        this.#count(command);
        this.#outside.shift();
        this.#admit(command);
      } else this.#outside.shift();
    }
    this.#lettingIn = false;
  }
}
