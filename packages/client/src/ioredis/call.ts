import type { CommandArgument } from '@redlane/resp3-core';
import { SETTLED, WAITING, WRITTEN } from '../command.js';
import { AbortError, type Delivery, type TimeoutDiagnosis, TimeoutError } from '../errors.js';
import { commandName, routeOf } from '../routing.js';
import { type Words, wordsOf } from './words.js';

/** - `single`: one command. `plain`: several, in one write. `atomic`: between MULTI and EXEC. */
export type CallKind = 'single' | 'plain' | 'atomic';

export interface CallSpec {
  readonly kind: CallKind;
  /** Without MULTI and EXEC. */
  readonly commands: readonly (readonly CommandArgument[])[];
  /** Slot of its keys in a cluster; `undefined` when any node will do. */
  readonly slot?: number | undefined;
  /** Key of the one node that it is for. */
  readonly node?: string | undefined;
  /** Address of the one server that it is for, whatever its name stands for by now. */
  readonly peer?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** The state of things, for a timeout's message. */
  readonly diagnose?: (() => TimeoutDiagnosis) | undefined;
}

const MULTI: Words = { name: 'MULTI', args: [] };
const EXEC: Words = { name: 'EXEC', args: [] };

/** A reply as ioredis gives it: an error of the server is one of the replies. */
export type RawReplies = readonly unknown[];

/** A command, or commands that leave together, from the call to the replies. Settles once, whatever happens. */
export class Call {
  readonly spec: CallSpec;
  readonly words: readonly Words[];
  /** In ms of `performance.now()`. */
  readonly deadline: number;
  slot: number | undefined;
  state: number = WAITING;
  /** It goes to a node that does not own its slot yet. */
  asking = false;
  redirections = 0;
  /** Where it waits to be written; it leaves when it is settled. */
  home: Set<Call> | undefined;
  /** The connection that it was written to last. */
  servedBy: object | undefined;
  readonly #resolve: (replies: RawReplies) => void;
  readonly #reject: (error: Error) => void;
  #timer: NodeJS.Timeout | undefined;
  readonly #onAbort: (() => void) | undefined;

  /** Makes a call, hands it over, and resolves with its replies. */
  static exchange(spec: CallSpec, submit: (call: Call) => void): Promise<RawReplies> {
    return new Promise((resolve, reject) => submit(new Call(spec, resolve, reject)));
  }

  /** It may be settled at once, when its signal is aborted. */
  constructor(spec: CallSpec, resolve: (replies: RawReplies) => void, reject: (error: Error) => void) {
    this.spec = spec;
    this.#resolve = resolve;
    this.#reject = reject;
    this.slot = spec.slot;
    this.deadline = performance.now() + spec.timeoutMs;
    const words = spec.commands.map(wordsOf);
    this.words = spec.kind === 'atomic' ? [MULTI, ...words, EXEC] : words;
    const { signal, timeoutMs } = spec;
    if (signal !== undefined) {
      this.#onAbort = () =>
        this.reject(new AbortError(this.name, { ...this.delivery, cause: signal.reason }));
      if (signal.aborted) {
        this.#onAbort();
        return;
      }
      signal.addEventListener('abort', this.#onAbort, { once: true });
    }
    if (timeoutMs <= 2 ** 31 - 1) this.#timer = setTimeout(() => this.#late(), timeoutMs);
  }

  /** For messages: the name of the (first) command. */
  get name(): string {
    return commandName(this.spec.commands[0]?.[0]);
  }

  /** Sending it twice does no harm. */
  get readOnly(): boolean {
    return this.spec.commands.every((command) => routeOf(command)?.readOnly === true);
  }

  /** What can be said when it ends now without a reply. */
  get delivery(): Delivery {
    const written = this.state === WRITTEN;
    return { maybeExecuted: written, phase: written ? 'written' : 'queued' };
  }

  get settled(): boolean {
    return this.state === SETTLED;
  }

  /** Nothing of it was executed: as if it had never been written. */
  rewind(): void {
    if (this.state === WRITTEN) this.state = WAITING;
  }

  answer(replies: RawReplies): void {
    if (this.#settle()) this.#resolve(replies);
  }

  reject(error: Error): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.state === SETTLED) return false;
    this.state = SETTLED;
    clearTimeout(this.#timer);
    if (this.#onAbort !== undefined) this.spec.signal?.removeEventListener('abort', this.#onAbort);
    this.home?.delete(this);
    this.home = undefined;
    return true;
  }

  #late(): void {
    const { timeoutMs, diagnose } = this.spec;
    const known = diagnose?.();
    // What was written has a connection, whatever keeps others from coming up.
    const diagnosis = known && this.state === WRITTEN ? { ...known, cause: undefined } : known;
    this.reject(
      new TimeoutError(this.name, {
        ...this.delivery,
        timeoutMs,
        ...(diagnosis === undefined ? {} : { diagnosis }),
      }),
    );
  }
}
