import type { CommandArgument, MapMode, RedisError, ReplyMode, RespValue } from '@redlane/resp3-core';
import type { ResolvedOptions } from './client-options.js';
import type { RetryPolicy } from './retry.js';
import { commandName } from './routing.js';
import type { SignalWatch } from './signal-watch.js';
import type { PushReplies } from './subscriptions/push-replies.js';

/** Not a byte of it has been handed to a socket. */
export const WAITING = 0;
/** Handed to a socket; its replies are owed. */
export const WRITTEN = 1;
/** Its caller has got an answer or given up. What is owed for it is read and dropped. */
export const SETTLED = 2;

/** One element of a batch's outcome: a reply, or the error that the server gave for that command. */
export type BatchReply = RespValue | RedisError;

/** What the caller asked for besides the words of the command. */
export interface CommandSettings {
  readonly timeoutMs: number;
  readonly watch: SignalWatch | undefined;
  readonly replies: ReplyMode;
  readonly maps: MapMode;
  readonly retry: RetryPolicy;
}

/** Who frees what a command takes up. */
export interface CommandKeeper {
  settled(command: Command): void;
}

/** What holds for a command unless its caller says something else. */
export function callSettings({ timeoutMs, replies, maps, retry }: ResolvedOptions): CommandSettings {
  return { timeoutMs, watch: undefined, replies, maps, retry };
}

/**
 * A command, or a batch of commands that leave together, on its way: one object and one promise, from the call to the
 * reply.
 */
export class Command {
  /** The words of a single command, its name first; of a batch, what it is for, if anything. */
  readonly args: readonly CommandArgument[];
  /** The commands of a batch, each with its name; `undefined` for a single command. */
  readonly batch: readonly (readonly CommandArgument[])[] | undefined;
  settings: CommandSettings;
  readonly readOnly: boolean;
  /** Point in time, in ms of `performance.now()`; `Infinity` for none. */
  deadline: number;
  /** About its size on the wire. */
  readonly bytes: number;
  readonly #resolve: (value: never) => void;
  readonly #reject: (error: Error) => void;
  state: number = WAITING;
  writtenAt = 0;
  /** It takes up room of the client's limits until it is settled. */
  counted = false;
  /** The server may take its time: it waits for something. */
  blocking = false;
  /** Takes the place of a rejection when its signal is aborted. */
  onAbort: ((reason: unknown) => void) | undefined;
  /** Its place in the list of its signal's watch. */
  watched = false;
  watchedBefore: Command | undefined;
  watchedAfter: Command | undefined;
  /** Called when it is settled, for whoever lent it a connection. */
  onEnd: (() => void) | undefined;
  /** The only connection that it makes sense on. */
  pinnedTo: object | undefined;
  /** How it is answered if that is done by pushes. */
  pushes: PushReplies | undefined;
  /** Replies that have not come. */
  owed: number;
  #collected: BatchReply[] | undefined;
  #whenEmpty: Error | undefined;
  readonly #keeper: CommandKeeper | undefined;

  constructor(
    args: readonly CommandArgument[],
    batch: readonly (readonly CommandArgument[])[] | undefined,
    settings: CommandSettings,
    readOnly: boolean,
    deadline: number,
    bytes: number,
    resolve: (value: never) => void,
    reject: (error: Error) => void,
    keeper?: CommandKeeper,
  ) {
    this.args = args;
    this.batch = batch;
    this.settings = settings;
    this.readOnly = readOnly;
    this.deadline = deadline;
    this.bytes = bytes;
    this.#resolve = resolve;
    this.#reject = reject;
    this.owed = batch === undefined ? 1 : batch.length;
    this.#collected = undefined;
    this.#whenEmpty = undefined;
    this.pinnedTo = undefined;
    this.pushes = undefined;
    this.onEnd = undefined;
    this.onAbort = undefined;
    this.watchedBefore = undefined;
    this.watchedAfter = undefined;
    this.#keeper = keeper;
  }

  /** Replies that are to come, pushes not counted. */
  get replies(): number {
    // Behind one that is answered by pushes, there may be a fence.
    return this.pushes === undefined ? this.owed : this.pushes.commands.length - 1;
  }

  /** For messages: the command's name, or that of a batch's first command unless `args` say what the batch is for. */
  get name(): string {
    return commandName((this.batch === undefined || this.args.length > 0 ? this.args : this.batch[0])?.[0]);
  }

  /** The replies of a batch that have come so far. */
  get collected(): readonly BatchReply[] {
    return this.#collected ?? [];
  }

  /** Takes the next of the replies that are owed. Returns true when it was the last. */
  take(reply: BatchReply): boolean {
    if (this.batch === undefined) {
      this.resolve(reply);
      return true;
    }
    this.#collected ??= [];
    this.#collected.push(reply);
    if (--this.owed > 0) return false;
    this.resolve(this.#collected as unknown as RespValue);
    return true;
  }

  /** The caller has given up: a reply that brings nothing rejects with this, one that brings something resolves. */
  answerWhenEmpty(error: Error): void {
    this.#whenEmpty = error;
  }

  resolve(value: unknown): void {
    if (this.state === SETTLED) return;
    if (value === null && this.#whenEmpty !== undefined) {
      this.reject(this.#whenEmpty);
      return;
    }
    this.state = SETTLED;
    this.#resolve(value as never);
    this.#keeper?.settled(this);
    this.onEnd?.();
  }

  reject(error: Error): void {
    if (this.state === SETTLED) return;
    this.state = SETTLED;
    this.#reject(error);
    this.#keeper?.settled(this);
    this.onEnd?.();
  }

  /** The server may take its time over it: from now on its deadline is in so many ms, whatever the caller's settings say. */
  mayTake(timeoutMs: number): void {
    this.blocking = true;
    this.settings = { ...this.settings, timeoutMs };
    this.deadline = performance.now() + timeoutMs;
  }

  /** Makes it one that was never written, to be sent once more. */
  rewind(): void {
    this.state = WAITING;
    this.owed = this.batch === undefined ? 1 : this.batch.length;
    this.#collected = undefined;
  }
}
