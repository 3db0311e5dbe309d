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
import { BlockingWait } from './blocking-wait.js';
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
  #wait: BlockingWait | undefined;
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
    const wait = this.#wait;
    if (wait === undefined) return Promise.resolve(true);
    this.#cancelling ??= wait.cancel().finally(() => {
      this.#cancelling = undefined;
    });
    return this.#cancelling;
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

  async #send(
    args: readonly CommandArgument[],
    options: DriverCallOptions,
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    checkArguments(args);
    checkDriverCommand(args, 'lease');
    await this.#usable();
    const waitMs = blockingTimeoutMs(args);
    const raw =
      waitMs === undefined
        ? (await this.#commands.exchange(this.#spec('single', [args], options)))[0]
        : await this.#waitFor(args, waitMs, options);
    return replyOf(args, raw, { bytes: options.replies === 'bytes', resp3: false });
  }

  async #waitFor(
    args: readonly CommandArgument[],
    waitMs: number,
    options: DriverCallOptions,
  ): Promise<unknown> {
    const { signal, timeoutMs } = options;
    const wait = new BlockingWait(this.#commands, args, this.#settings, { waitMs, signal, timeoutMs });
    // One after the other, as the server would have it anyway.
    while (this.#wait !== undefined) await this.#wait.ended;
    this.#wait = wait;
    try {
      return await wait.run(() => this.cancel());
    } finally {
      this.#wait = undefined;
    }
  }

  async #batch(
    commands: Commands,
    options: DriverBatchOptions,
  ): Promise<DriverBatch | DriverBatch<Uint8Array>> {
    const atomic = options.atomic === true;
    for (const command of commands) {
      checkArguments(command);
      checkDriverCommand(command, atomic ? 'lease-atomic' : 'lease-batch');
    }
    await this.#usable();
    if (commands.length === 0) return { aborted: false, replies: [] };
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

  /** Nothing is sent while an UNBLOCK is under way: it would hit the wrong command. */
  async #usable(): Promise<void> {
    if (this.#disposing !== undefined) throw new ClosedError('connection');
    while (this.#cancelling !== undefined) await this.#cancelling;
  }
}
