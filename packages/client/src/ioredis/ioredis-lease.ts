import { type CommandArgument, checkArguments } from '@redlane/resp3-core';
import { blockingTimeoutMs, checkDriverCommand } from '../client-driver/driver-refusals.js';
import { InFlight } from '../client-driver/in-flight.js';
import type {
  DriverBatch,
  DriverBatchOptions,
  DriverCallOptions,
  DriverLease,
  DriverReply,
} from '../driver.js';
import { ClosedError } from '../errors.js';
import { BlockingWait, type WaitOptions } from './blocking-wait.js';
import type { CallSpec } from './call.js';
import type { Settings } from './ioredis-driver-options.js';
import type { LeaseCommands } from './lease-commands.js';
import { batchOf, replyOf, transactionOf } from './outcomes.js';

type Commands = readonly (readonly CommandArgument[])[];

/** A connection of its own, for commands that wait at the server and for WATCH. */
export class IoredisLease implements DriverLease {
  readonly #commands: LeaseCommands;
  readonly #settings: Settings;
  readonly #onEnd: () => void;
  readonly #calls: InFlight = new InFlight();
  /** In the order of the calls, one at a time at the server. */
  readonly #waits: Set<BlockingWait> = new Set();
  /** Resolves when all of them have ended. */
  #line: Promise<void> = Promise.resolve();
  #cancelling: Promise<boolean> | undefined;
  #disposing: Promise<void> | undefined;

  constructor(commands: LeaseCommands, settings: Settings, onEnd: () => void) {
    this.#commands = commands;
    this.#settings = settings;
    this.#onEnd = onEnd;
  }

  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions = {},
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    return this.#calls.track(this.#send(args, options));
  }

  batch(
    commands: Commands,
    options: DriverBatchOptions & { replies: 'bytes' },
  ): Promise<DriverBatch<Uint8Array>>;
  batch(commands: Commands, options?: DriverBatchOptions): Promise<DriverBatch>;
  batch(
    commands: Commands,
    options: DriverBatchOptions = {},
  ): Promise<DriverBatch | DriverBatch<Uint8Array>> {
    return this.#calls.track(this.#batch(commands, options));
  }

  cancel(): Promise<boolean> {
    const waits = [...this.#waits].filter((wait) => wait.stop());
    if (waits.length === 0) return this.#cancelling ?? Promise.resolve(true);
    const cancelling = this.#cancelAll(waits, this.#cancelling).finally(() => {
      if (this.#cancelling === cancelling) this.#cancelling = undefined;
    });
    this.#cancelling = cancelling;
    return cancelling;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#disposing ??= this.#dispose();
    return this.#disposing;
  }

  async #dispose(): Promise<void> {
    if (!(await this.cancel())) this.#commands.abandon(new ClosedError('connection'));
    await this.#calls.settled();
    await this.#commands.giveBack();
    this.#onEnd();
  }

  async #cancelAll(waits: readonly BlockingWait[], earlier: Promise<boolean> | undefined): Promise<boolean> {
    const outcomes = [await (earlier ?? true), ...(await Promise.all(waits.map((wait) => wait.cancel())))];
    return outcomes.every(Boolean);
  }

  async #send(
    args: readonly CommandArgument[],
    options: DriverCallOptions,
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    this.#checkOpen();
    checkArguments(args);
    checkDriverCommand(args, 'lease');
    const waitMs = blockingTimeoutMs(args);
    const raw =
      waitMs === undefined
        ? await this.#exchange(args, options)
        : await this.#waitFor(args, { ...options, waitMs });
    return replyOf(args, raw, { bytes: options.replies === 'bytes', resp3: false });
  }

  async #exchange(args: readonly CommandArgument[], options: DriverCallOptions): Promise<unknown> {
    await this.#cancelled();
    const [raw] = await this.#commands.exchange(this.#spec('single', [args], options));
    return raw;
  }

  async #waitFor(args: readonly CommandArgument[], options: WaitOptions): Promise<unknown> {
    const wait = new BlockingWait(this.#commands, args, this.#settings, options);
    const turn = this.#turnOf(wait);
    // From now on it can be cancelled.
    this.#waits.add(wait);
    try {
      await wait.inLine(turn);
      return await wait.run(() => this.cancel());
    } finally {
      this.#waits.delete(wait);
    }
  }

  /** Resolves when nothing before it waits at the server any more, whether or not it is still wanted by then. */
  async #turnOf(wait: BlockingWait): Promise<void> {
    const before = this.#line;
    let leave: () => void = () => undefined;
    this.#line = new Promise((resolve) => {
      leave = resolve;
    });
    await before;
    void wait.ended.then(leave);
    // Its own cancellation waits for it, so it must not wait for that one.
    while (!wait.stopped && this.#cancelling !== undefined) await this.#cancelling;
  }

  async #batch(
    commands: Commands,
    options: DriverBatchOptions,
  ): Promise<DriverBatch | DriverBatch<Uint8Array>> {
    this.#checkOpen();
    const atomic = options.atomic === true;
    for (const command of commands) {
      checkArguments(command);
      checkDriverCommand(command, atomic ? 'lease-atomic' : 'lease-batch');
    }
    if (commands.length === 0) return { aborted: false, replies: [] };
    await this.#cancelled();
    const replies = await this.#commands.exchange(this.#spec(atomic ? 'atomic' : 'plain', commands, options));
    const reading = { bytes: options.replies === 'bytes', resp3: false };
    return atomic ? transactionOf(commands, replies, reading) : batchOf(commands, replies, reading);
  }

  #spec(kind: CallSpec['kind'], commands: Commands, { signal, timeoutMs }: DriverCallOptions): CallSpec {
    return {
      kind,
      commands,
      signal,
      timeoutMs: (timeoutMs ?? this.#settings.timeoutMs) || Number.POSITIVE_INFINITY,
    };
  }

  #checkOpen(): void {
    if (this.#disposing !== undefined) throw new ClosedError('connection');
  }

  /** Nothing is sent while an UNBLOCK is under way: it would hit the wrong command. */
  async #cancelled(): Promise<void> {
    while (this.#cancelling !== undefined) await this.#cancelling;
  }
}
