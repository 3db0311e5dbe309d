import { RedisError } from '@redlane/resp3-core';
import { ClosedError, ConnectionLostError } from '../errors.js';
import { forcesNewDial, mayResend } from '../retry.js';
import { routeOf } from '../routing.js';
import type { Call, RawReplies } from './call.js';
import type { Link, LinkOwner } from './link.js';
import { isServerError } from './raw-reply.js';
import { refusalOf } from './refusal-of.js';

/** How long a call waits that the server has turned down for now, before it is sent again, in ms. */
const AGAIN_MS = 50;

/**
 * Decides what becomes of a call that was written: its replies, another try, or an error. Sent again is only what was
 * provably not executed, and what only reads.
 */
export abstract class Dispatcher implements LinkOwner {
  readonly #delayed: Map<Call, NodeJS.Timeout> = new Map();
  #closed = false;

  abstract submit(call: Call): void;

  abstract unsent(call: Call, cause: Error): void;

  /** The server that has answered this is not the one to ask. */
  protected abstract wrongServer(link: Link, error: RedisError): void;

  /** Takes over a call whose error says that another node is to be asked. */
  protected redirects(_call: Call, _error: Error): boolean {
    return false;
  }

  /** Takes over a batch some of whose commands were redirected. */
  protected redirectsSome(_call: Call, _replies: RawReplies): boolean {
    return false;
  }

  answered(call: Call, replies: RawReplies, link: Link): void {
    for (const reply of replies) {
      if (!isServerError(reply)) continue;
      const error = new RedisError(reply.message);
      if (forcesNewDial(error.code)) this.wrongServer(link, error);
    }
    if (call.settled) return;
    const refusal = refusalOf(call.spec.kind, replies);
    if (refusal !== undefined && !this.#closed) {
      if (this.redirects(call, refusal)) return;
      if (this.#isTemporary(call, refusal)) {
        this.later(call, AGAIN_MS);
        return;
      }
    }
    if (call.spec.kind === 'plain' && !this.#closed && this.redirectsSome(call, replies)) return;
    call.answer(replies);
  }

  lost(call: Call, cause: Error): void {
    if (call.settled) return;
    const closed = this.#closed || cause instanceof ClosedError;
    if (!closed && mayResend({ policy: 'safe', written: true, readOnly: call.readOnly })) {
      call.rewind();
      this.submit(call);
      return;
    }
    const details = { ...call.delivery, cause };
    call.reject(
      closed
        ? new ClosedError('client', details)
        : new ConnectionLostError({ ...details, command: call.name }),
    );
  }

  /** Sends it again after a while, unless it has given up by then. */
  protected later(call: Call, delayMs: number): void {
    call.rewind();
    const timer = setTimeout(() => {
      this.#delayed.delete(call);
      if (!call.settled) this.submit(call);
    }, delayMs);
    this.#delayed.set(call, timer);
  }

  protected end(cause: ClosedError): void {
    this.#closed = true;
    for (const [call, timer] of this.#delayed) {
      clearTimeout(timer);
      call.reject(cause);
    }
    this.#delayed.clear();
  }

  #isTemporary(call: Call, { code }: RedisError): boolean {
    const atomic = call.spec.kind === 'atomic';
    const script = !atomic && routeOf(call.spec.commands[0] ?? [])?.script === true;
    return mayResend({
      policy: 'safe',
      written: true,
      readOnly: call.readOnly,
      script,
      replyCode: code,
    });
  }
}
