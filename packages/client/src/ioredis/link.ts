import { WRITTEN } from '../command.js';
import { DeadlineTimer } from '../deadline-timer.js';
import { ConnectionLostError } from '../errors.js';
import type { Call, RawReplies } from './call.js';
import { peerOf, type Redis } from './ioredis-like.js';
import { isServerError } from './raw-reply.js';
import type { Words } from './words.js';

/** Who decides what becomes of calls. */
export interface LinkOwner {
  /** Every reply has come; errors of the server are among them. */
  answered(call: Call, replies: RawReplies, link: Link): void;
  /** It was written, and its replies will not come. */
  lost(call: Call, cause: Error): void;
  /** It was not written: the connection has just gone. */
  unsent(call: Call, cause: Error): void;
}

export interface LinkChecks {
  readonly pingIntervalMs: number;
  readonly silenceTimeoutMs: number;
  /** The connection has shown no life for too long. */
  readonly onSilence: (cause: Error) => void;
}

const ASKING: Words = { name: 'ASKING', args: [] };

/**
 * Writes calls to one instance and remembers what is owed, since ioredis may drop the promises of commands without
 * settling them. A call that has given up stays among them until its reply comes, which is then thrown away.
 */
export class Link {
  readonly instance: Redis;
  readonly #owner: LinkOwner;
  readonly #checks: LinkChecks | undefined;
  readonly #owed: Set<Call> = new Set();
  readonly #watch: DeadlineTimer | undefined;
  readonly #drained: (() => void)[] = [];
  #heardAt: number = performance.now();
  #owedSince: number = performance.now();
  #pinging = false;

  /** Without `checks` nobody looks whether the connection is alive. */
  constructor(instance: Redis, owner: LinkOwner, checks?: LinkChecks) {
    this.instance = instance;
    this.#owner = owner;
    this.#checks = checks;
    if (checks !== undefined) {
      this.#watch = new DeadlineTimer(() => this.#look(checks), { unref: true });
      this.#watch.by(this.#heardAt + checks.pingIntervalMs);
    }
  }

  /** Calls that are written and have no replies. */
  get owed(): number {
    return this.#owed.size;
  }

  /** Since the last reply, in ms. */
  get silentMs(): number {
    return performance.now() - this.#heardAt;
  }

  write(call: Call): void {
    if (call.settled) return;
    const { peer } = call.spec;
    if (peer !== undefined && peer !== peerOf(this.instance)) {
      const cause = new Error('the server that it was for is not to be reached');
      call.reject(new ConnectionLostError({ ...call.delivery, command: call.name, cause }));
      return;
    }
    call.servedBy = this;
    if (this.instance.status === 'end') {
      // It would reject at once, and who tries again at once would come back before the event of the end has come.
      this.#owner.unsent(call, new Error('the connection has just ended'));
      return;
    }
    const { words, asking } = call;
    const first = words.length === 1 && !asking ? words[0] : undefined;
    call.state = WRITTEN;
    this.#owe(call);
    const failed = (error: Error): void => this.#failed(call, error);
    try {
      if (first !== undefined) {
        this.instance
          .callBuffer(first.name, first.args)
          .then((reply) => this.#answered(call, [reply]), failed);
      } else if (!asking) this.#pipeline(words).then((replies) => this.#answered(call, replies), failed);
      else
        this.#pipeline([ASKING, ...words]).then((replies) => this.#answered(call, replies.slice(1)), failed);
    } catch (error) {
      // Too long for a string, for example.
      this.#forget(call);
      call.reject(error as Error);
    }
  }

  /** Resolves when nothing is owed, which may take for ever. */
  drained(): Promise<void> {
    return this.#owed.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.push(resolve));
  }

  /** Nothing that is owed will come. */
  end(cause: Error): void {
    this.#watch?.clear();
    for (const call of [...this.#owed]) {
      if (this.#forget(call)) this.#owner.lost(call, cause);
    }
  }

  #owe(call: Call): void {
    if (this.#owed.size === 0) this.#owedSince = performance.now();
    this.#owed.add(call);
    if (this.#checks !== undefined) this.#watch?.by(performance.now() + this.#checks.silenceTimeoutMs);
  }

  #answered(call: Call, replies: RawReplies): void {
    this.#heardAt = performance.now();
    if (this.#forget(call)) this.#owner.answered(call, replies, this);
  }

  #failed(call: Call, error: Error): void {
    if (isServerError(error)) {
      this.#answered(call, [error]);
      return;
    }
    if (!this.#forget(call)) return;
    if (!neverWritten(error)) {
      this.#owner.lost(call, error);
      return;
    }
    call.rewind();
    this.#owner.unsent(call, error);
  }

  #forget(call: Call): boolean {
    if (!this.#owed.delete(call)) return false;
    if (this.#owed.size === 0) for (const wake of this.#drained.splice(0)) wake();
    return true;
  }

  /** Errors of the server are among the replies. */
  async #pipeline(words: readonly Words[]): Promise<RawReplies> {
    const pipeline = this.instance.pipeline();
    for (const { name, args } of words) pipeline.callBuffer(name, args);
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([error, reply]) => {
      if (error === null || error === undefined) return reply;
      if (isServerError(error)) return error;
      throw error;
    });
  }

  /** Returns when to look again. */
  #look({ pingIntervalMs, silenceTimeoutMs, onSilence }: LinkChecks): number {
    const now = performance.now();
    if (this.#owed.size > 0 || this.#pinging) {
      const silentSince = Math.max(this.#heardAt, this.#owedSince);
      if (now < silentSince + silenceTimeoutMs) return silentSince + silenceTimeoutMs;
      onSilence(new Error(`the server sent nothing for ${Math.round(now - silentSince)} ms`));
      return Number.POSITIVE_INFINITY;
    }
    if (now < this.#heardAt + pingIntervalMs) return this.#heardAt + pingIntervalMs;
    this.#ping();
    return now + Math.min(silenceTimeoutMs, pingIntervalMs);
  }

  #ping(): void {
    this.#pinging = true;
    this.#owedSince = performance.now();
    const answered = (): void => {
      this.#pinging = false;
      this.#heardAt = performance.now();
    };
    // A lost connection is noticed otherwise.
    this.instance.callBuffer('PING', []).then(answered, (error: unknown) => {
      if (isServerError(error)) answered();
    });
  }
}

/** ioredis refused it since its socket cannot be written to any more, and it may not queue. */
function neverWritten(error: Error): boolean {
  return error.message.includes('enableOfflineQueue');
}
