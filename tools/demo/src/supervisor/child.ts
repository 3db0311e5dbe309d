import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { configVariable, type ProcessConfig } from '../desk-config.js';
import type { FromChild, ToChild } from '../process-messages.js';

export type ChildKind = 'node' | 'worker';

const entries: Readonly<Record<ChildKind, string>> = {
  node: fileURLToPath(new URL('../node/main.ts', import.meta.url)),
  worker: fileURLToPath(new URL('../worker/main.ts', import.meta.url)),
};

/** Who has ended by itself so soon has failed to start; the next try comes later. */
const SHORT_LIFE_MS = 5_000;
const MOST_FAILURES = 4;
const LONGEST_PAUSE_MS = 2_000;
const STOP_WITHIN_MS = 2_000;

/** A process that is started again whenever it ends, until it is stopped. */
export class Child {
  readonly kind: ChildKind;
  readonly id: string;
  readonly #config: ProcessConfig;
  readonly #onChange: () => void;
  #process: ChildProcess | undefined;
  #port: number | undefined;
  #isUp = false;
  #isStopping = false;
  #hasBeenUp = false;
  #wasKilled = false;
  #failures = 0;

  constructor(kind: ChildKind, config: ProcessConfig, onChange: () => void) {
    this.kind = kind;
    this.id = config.id;
    this.#config = config;
    this.#onChange = onChange;
    this.#start();
  }

  get state(): 'up' | 'restarting' {
    return this.#isUp ? 'up' : 'restarting';
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Where it listens; `undefined` when it is not up, or does not listen. */
  get port(): number | undefined {
    return this.#isUp ? this.#port : undefined;
  }

  /** It ends whenever it is started: once is enough when it has never been up. */
  get isHopeless(): boolean {
    return this.#failures >= (this.#hasBeenUp ? MOST_FAILURES : 1);
  }

  tell(message: ToChild): void {
    // It may be gone already; then its successor is told anew.
    if (this.#process?.connected) this.#process.send(message, () => undefined);
  }

  /** Without a warning; it comes back by itself. It counts as gone at once, so that nobody asks it, or kills it again. */
  kill(): void {
    this.#wasKilled = true;
    this.#isUp = false;
    this.#process?.kill('SIGKILL');
    this.#onChange();
  }

  /** Ends it, at last by force. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    const process = this.#process;
    if (process === undefined) return;
    const ended = once(process, 'exit');
    this.tell({ type: 'stop' });
    const timer = setTimeout(() => process.kill('SIGKILL'), STOP_WITHIN_MS);
    await ended;
    clearTimeout(timer);
  }

  #start(): void {
    const startedAt = performance.now();
    this.#wasKilled = false;
    const child = fork(entries[this.kind], {
      env: { ...process.env, [configVariable]: JSON.stringify(this.#config) },
    });
    this.#process = child;
    child.on('message', (message) => {
      this.#port = (message as FromChild).port;
      this.#isUp = true;
      this.#hasBeenUp = true;
      this.#onChange();
    });
    child.once('exit', () => {
      this.#process = undefined;
      const isEarly = !this.#isUp || performance.now() - startedAt < SHORT_LIFE_MS;
      this.#isUp = false;
      if (this.#isStopping) return;
      const isFailure = isEarly && !this.#wasKilled;
      this.#failures = isFailure ? this.#failures + 1 : 0;
      this.#onChange();
      const pauseMs = isFailure ? Math.min(LONGEST_PAUSE_MS, 50 * 2 ** this.#failures) : 0;
      setTimeout(() => this.#restart(), pauseMs);
    });
  }

  #restart(): void {
    if (!this.#isStopping) this.#start();
  }
}
