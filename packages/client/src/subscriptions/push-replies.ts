import { type CommandArgument, RedisError, type RespPush } from '@redlane/resp3-core';
import type { BatchReply } from '../command.js';
import { commandName } from '../routing.js';
import { textOf } from './text-of.js';

/** What a reply did to a command that is answered by pushes. */
export type PushAnswer =
  /** There is more to come. */
  | 'more'
  /** It has ended: see {@link PushReplies.error}. */
  | 'done'
  /** Whose reply this was cannot be told: nobody may have the next one. */
  | 'doubt';

/** SUNSUBSCRIBE turned down because the slot is elsewhere. PING has no key, and never gets one of these. */
const REDIRECTS: ReadonlySet<string> = new Set(['MOVED', 'ASK', 'TRYAGAIN', 'CLUSTERDOWN', 'CROSSSLOT']);

/**
 * Tells when a command has ended that the server answers by pushes. It keeps its place among the commands whose replies
 * are owed, since it may get an error reply all the same, which would reach the next command otherwise.
 *
 * SUBSCRIBE ends with a confirmation for each of its names, in order, or with one error. UNSUBSCRIBE ends with the reply to
 * a PING behind it, the fence: how many confirmations come is not known without arguments, and a server may end a shard
 * subscription by itself with the same push.
 */
export class PushReplies {
  /** Why the server turned it down. */
  error: RedisError | undefined;
  readonly #args: readonly CommandArgument[];
  readonly #type: string;
  readonly #fence: string | undefined;
  /** How many of the names have been confirmed. */
  #confirmed = 0;

  constructor(args: readonly CommandArgument[]) {
    this.#args = args;
    this.#type = commandName(args[0]).toLowerCase();
    this.#fence = this.#type.includes('unsubscribe') ? `fence:${Math.random()}` : undefined;
  }

  /** What is written: the command, and the fence behind it where there is one. */
  get commands(): readonly (readonly CommandArgument[])[] {
    return this.#fence === undefined ? [this.#args] : [this.#args, ['PING', this.#fence]];
  }

  /** A push has come while this was the oldest command without an answer. True when it has ended with it. */
  confirm({ pushType, data }: RespPush): boolean {
    if (pushType !== this.#type) return false;
    const named = this.#args.length > 1;
    if (named && textOf(this.#args[this.#confirmed + 1]) !== textOf(data[0])) return false;
    this.#confirmed++;
    return this.#fence === undefined && this.#complete;
  }

  /** A reply has come. */
  answer(reply: BatchReply): PushAnswer {
    if (this.#fence === undefined) return this.#answerSubscribe(reply);
    if (!(reply instanceof RedisError)) return textOf(reply) === this.#fence ? 'done' : 'doubt';
    // The second error is the fence's, which some users may not send.
    if (this.error !== undefined) return 'done';
    if (this.#complete) {
      if (this.#type !== 'sunsubscribe') return 'done';
      // It may have been ended by the server itself, and turned down afterwards.
      if (!REDIRECTS.has(reply.code)) return 'doubt';
    }
    this.error = reply;
    return 'more';
  }

  get #complete(): boolean {
    return this.#confirmed >= Math.max(1, this.#args.length - 1);
  }

  #answerSubscribe(reply: BatchReply): PushAnswer {
    // In MULTI the reply is QUEUED, and what EXEC brings then has a shape that nobody can read.
    if (!(reply instanceof RedisError) || this.#confirmed > 0) return 'doubt';
    this.error = reply;
    return 'done';
  }
}
