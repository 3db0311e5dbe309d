import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from '@redlane/client';
import { DecodeError } from '@redlane/client/codec';
import { checkInteger } from './checks.js';
import type { Settler } from './delivery.js';
import type { Header } from './envelope.js';
import type { HandlerFailure } from './errors.js';
import type { Opening, Receiver } from './receiver.js';
import type { Answer } from './send-reply.js';

/** What a handler gets to know besides the message. */
export interface HandlerContext {
  /** How often the message was delivered, this time included. */
  readonly deliveries: number;
  /** Somebody waits for a reply. */
  readonly isRequest: boolean;
}

/** Handles a message. What it returns is the reply, when somebody waits for one. */
export type Handler<Incoming, Outgoing> = (
  data: Incoming,
  context: HandlerContext,
) => Outgoing | Promise<Outgoing>;

export interface ServeOptions {
  /** How many messages are handled at a time. @default 16 */
  readonly concurrency?: number | undefined;
  /** Ends it, as `stop()` does. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called with what nobody else is told: a handler failed on a message that is no request, a message could not be decoded, a
   * reply could not be sent.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

export interface ServingParts<Incoming, Outgoing> {
  readonly receiver: Receiver<Incoming, boolean>;
  /** `undefined`: what is received needs no ack. */
  readonly settler: Settler | undefined;
  /** Sends a reply to whoever has sent this request. */
  readonly reply: (request: Header, answer: Answer<Outgoing>) => Promise<void>;
}

const PAUSE_MS = 200;

/** Messages being handled, until `stop()`. */
export class Serving<Incoming, Outgoing> implements AsyncDisposable {
  /** Resolves when it has ended, and rejects when it had to. */
  readonly ended: Promise<void>;
  readonly #parts: ServingParts<Incoming, Outgoing>;
  readonly #handler: Handler<Incoming, Outgoing>;
  readonly #onError: (error: unknown) => void;
  readonly #concurrency: number;
  readonly #stopping: AbortController = new AbortController();
  readonly #handling: Set<Promise<void>> = new Set();

  /** @internal */
  constructor(
    parts: ServingParts<Incoming, Outgoing>,
    handler: Handler<Incoming, Outgoing>,
    { concurrency = 16, signal, onError = () => undefined }: ServeOptions,
  ) {
    checkInteger(concurrency, 'concurrency', 1, 10_000);
    this.#parts = parts;
    this.#handler = handler;
    this.#onError = onError;
    this.#concurrency = concurrency;
    const stop = (): void => this.#stopping.abort();
    if (signal?.aborted) stop();
    signal?.addEventListener('abort', stop, { once: true });
    this.ended = this.#run().finally(() => signal?.removeEventListener('abort', stop));
    // Who wants to know asks for it.
    this.ended.catch(() => undefined);
  }

  /** Takes no more messages, and resolves when those that were taken have been handled. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.ended.catch(() => undefined);
  }

  /** `stop()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    try {
      while (!signal.aborted) {
        if (this.#handling.size >= this.#concurrency) await Promise.race(this.#handling);
        else await this.#takeSome(this.#concurrency - this.#handling.size, signal);
      }
    } finally {
      await Promise.all(this.#handling);
    }
  }

  async #takeSome(max: number, signal: AbortSignal): Promise<void> {
    try {
      const openings = await this.#parts.receiver.open(max, { waitMs: Number.POSITIVE_INFINITY, signal });
      for (const opening of openings) {
        const handling = this.#handle(opening).finally(() => this.#handling.delete(handling));
        this.#handling.add(handling);
      }
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'ABORTED' || code === 'CLOSED') this.#stopping.abort();
      else if (error instanceof DecodeError) this.#report(error);
      else if (!isTransient(error)) throw error;
      else await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Never rejects. */
  async #handle({ data, header, taken }: Opening<Incoming>): Promise<void> {
    const { settler } = this.#parts;
    const { seq = 0, deliveries = 1 } = taken;
    try {
      if (header?.id === undefined || header.from === undefined) {
        await this.#handler(data, { deliveries, isRequest: false });
      } else {
        await this.#answer(data, header, deliveries);
      }
      await settler?.ack({ seq });
    } catch (error) {
      this.#report(error);
      await settler?.nack({ seq }).catch(() => undefined);
    }
  }

  /** Rejects when the answer could not be sent. */
  async #answer(data: Incoming, request: Header, deliveries: number): Promise<void> {
    const { reply } = this.#parts;
    let answer: { readonly data: Outgoing };
    try {
      answer = { data: await this.#handler(data, { deliveries, isRequest: true }) };
    } catch (error) {
      return reply(request, { error: failureOf(error) });
    }
    try {
      await reply(request, answer);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ENCODE_FAILED') throw error;
      await reply(request, { error: failureOf(error) });
    }
  }

  #report(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // Nobody is left to be told.
    }
  }
}

function failureOf(error: unknown): HandlerFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code } = error as { code?: unknown };
  return { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined };
}
