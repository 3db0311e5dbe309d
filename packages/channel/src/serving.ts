import { setTimeout as delay } from 'node:timers/promises';
import { isTransient } from '@redlane/client';
import { DecodeError } from '@redlane/client/codec';
import { unwatchAbort, watchAbort } from './abort-watch.js';
import { checkFunction, checkInteger, checkOptions, checkSignal, durationMs } from './checks.js';
import type { Settler } from './delivery.js';
import { type Header, unseal } from './envelope.js';
import type { HandlerFailure } from './errors.js';
import type { Opening, Receiver } from './receiver.js';
import type { Answer } from './send-reply.js';

/** What a handler gets to know besides the message. */
export interface HandlerContext {
  /** How often the message was delivered, this time included. */
  readonly deliveries: number;
  /** Somebody waits for a reply. */
  readonly isRequest: boolean;
  /** Aborted when `stop()` or `close()` has waited `graceMs` for the handlers: it soon waits no more. */
  readonly signal: AbortSignal;
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
   * How long `stop()` and `close()` wait for the handlers that are at work, in ms. Then the `signal` that they were given is
   * aborted, and after half a second more nobody waits for them. `Infinity`: as long as they take. @default 5_000
   */
  readonly graceMs?: number | undefined;
  /**
   * Called with what nobody else is told: a handler failed on a message that is no request, a message could not be decoded, a
   * reply could not be sent, the server refuses to be read from (which is tried again). @default a warning of the process
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Messages being handled, until `stop()`. */
export interface Serving extends AsyncDisposable {
  /** Resolves when it has ended, by whatever, and no handler is waited for any more. */
  readonly ended: Promise<void>;
  /**
   * Takes no more messages, and resolves when those that were taken have been handled, or `graceMs` are over. Called by a
   * handler, before that waits for anything else, it does not wait for this handler.
   */
  stop(): Promise<void>;
}

export interface ServingParts<Incoming, Outgoing> {
  readonly receiver: Pick<Receiver<Incoming, boolean>, 'open'>;
  /** `undefined`: what is received needs no ack. */
  readonly settler: Settler | undefined;
  /** Sends a reply to whoever has sent this request. */
  readonly reply: (request: Header, answer: Answer<Outgoing>) => Promise<void>;
}

/** Between attempts to receive after one has failed, in ms: at first, and at last. */
const LEAST_PAUSE_MS = 200;
const MOST_PAUSE_MS = 5_000;
/** What handlers have left when their signal is aborted, in ms. */
const LAST_MS = 500;

export class Handling<Incoming, Outgoing> implements Serving {
  readonly ended: Promise<void>;
  readonly #parts: ServingParts<Incoming, Outgoing>;
  readonly #handler: Handler<Incoming, Outgoing>;
  readonly #onError: (error: unknown) => void;
  readonly #concurrency: number;
  readonly #graceMs: number;
  readonly #stopping: AbortController = new AbortController();
  readonly #givingUp: AbortController = new AbortController();
  readonly #receiving: Promise<void>;
  /** Handlers at work. */
  #active = 0;
  /** A handler is being called, and has not returned its promise. */
  #calling = false;
  /** Nobody is waited for any more. */
  #gaveUp = false;
  #timer: NodeJS.Timeout | undefined;
  #pauseMs = LEAST_PAUSE_MS;
  /** Resolves when any of this has changed. */
  #changed: Promise<void> | undefined;
  #change: () => void = () => undefined;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(
    parts: ServingParts<Incoming, Outgoing>,
    handler: Handler<Incoming, Outgoing>,
    options: ServeOptions,
  ) {
    checkFunction(handler, 'handler');
    checkOptions(options, 'options');
    const { concurrency = 16, signal, graceMs = 5_000, onError = warn } = options;
    checkInteger(concurrency, 'concurrency', 1, 10_000);
    checkFunction(onError, 'onError');
    checkSignal(signal);
    this.#graceMs = durationMs(graceMs, 'graceMs');
    this.#parts = parts;
    this.#handler = handler;
    this.#onError = onError;
    this.#concurrency = concurrency;
    const watcher = { aborted: () => this.#stop() };
    if (signal?.aborted) this.#stop();
    else if (signal !== undefined) watchAbort(signal, watcher);
    this.#receiving = this.#run();
    this.ended = this.#handled(0).finally(() => {
      clearTimeout(this.#timer);
      if (signal !== undefined) unwatchAbort(signal, watcher);
    });
  }

  stop(): Promise<void> {
    const own = this.#calling ? 1 : 0;
    this.#stop();
    return this.#handled(own);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #stop(): void {
    this.#stopping.abort();
    this.#change();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      if (this.#active >= this.#concurrency) await this.#whenChanged();
      else await this.#takeSome(this.#concurrency - this.#active, signal);
    }
    if (this.#active > 0 && this.#graceMs !== Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#giveUp(), this.#graceMs);
    }
  }

  #giveUp(): void {
    this.#givingUp.abort();
    this.#timer = setTimeout(() => {
      this.#gaveUp = true;
      this.#change();
    }, LAST_MS);
  }

  /** Resolves when no more is taken, and no more than so many handlers are at work or waited for. */
  async #handled(most: number): Promise<void> {
    await this.#receiving;
    while (this.#active > most && !this.#gaveUp) await this.#whenChanged();
  }

  #whenChanged(): Promise<void> {
    this.#changed ??= new Promise((resolve) => {
      this.#change = () => {
        this.#changed = undefined;
        resolve();
      };
    });
    return this.#changed;
  }

  async #takeSome(max: number, signal: AbortSignal): Promise<void> {
    try {
      const openings = await this.#parts.receiver.open(max, { waitMs: Number.POSITIVE_INFINITY, signal });
      this.#pauseMs = LEAST_PAUSE_MS;
      for (const opening of openings) this.#begin(opening);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (code === 'ABORTED' || code === 'CLOSED') return this.#stop();
      if (error instanceof DecodeError) return this.#refuse(error);
      if (!isTransient(error)) this.#report(error);
      const pauseMs = this.#pauseMs;
      this.#pauseMs = Math.min(MOST_PAUSE_MS, 2 * pauseMs);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Whoever has asked for it need not wait out its time. */
  async #refuse(error: DecodeError): Promise<void> {
    this.#report(error);
    try {
      const { header } = unseal(error.raw);
      if (isRequest(header)) await this.#parts.reply(header, { error: failureOf(error) });
    } catch (problem) {
      // Without a header it is not known who has sent it, or whether it was a request.
      if (!(problem instanceof DecodeError)) this.#report(problem);
    }
  }

  #begin(opening: Opening<Incoming>): void {
    this.#active++;
    void this.#handle(opening).finally(() => {
      this.#active--;
      this.#change();
    });
  }

  /** Never rejects. */
  async #handle({ data, header, taken }: Opening<Incoming>): Promise<void> {
    const { settler } = this.#parts;
    const { seq = 0, deliveries = 1 } = taken;
    try {
      if (isRequest(header)) await this.#answer(data, header, deliveries);
      else await this.#call(data, { deliveries, isRequest: false });
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
      answer = { data: await this.#call(data, { deliveries, isRequest: true }) };
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

  #call(data: Incoming, context: Omit<HandlerContext, 'signal'>): Outgoing | Promise<Outgoing> {
    this.#calling = true;
    try {
      return this.#handler(data, { ...context, signal: this.#givingUp.signal });
    } finally {
      this.#calling = false;
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

function isRequest(header: Header | undefined): header is Header {
  return header?.id !== undefined && header.from !== undefined;
}

function failureOf(error: unknown): HandlerFailure {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code } = error as { code?: unknown };
  return { name: error.name, message: error.message, code: typeof code === 'string' ? code : undefined };
}

function warn(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  process.emitWarning(`serve() without onError: ${message}`, {
    type: 'ChannelWarning',
    code: 'REDLANE_SERVE',
  });
}
