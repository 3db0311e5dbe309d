import { AbortError } from '@redlane/client';
import { InvalidListenerException, InvalidMessageFormat, NoMessagesException } from '../exceptions.js';
import type { MessageQueueListener } from '../listener.js';
import type { AnyMessage } from '../message/message.js';
import type { Queue } from '../queue/queue.js';
import { asRepositoryError } from '../store/ask.js';
import { Bell } from '../store/bell.js';
import type { ChannelItem, ChannelReader } from './channel-reader.js';
import type { EventWriter } from './event-writer.js';
import type { ServerSentEvent } from './server-sent-event.js';

/** What streams of a channel have in common. */
export interface StreamSource {
  readonly listener: MessageQueueListener;
  readonly writer: EventWriter;
  readonly signal: AbortSignal | undefined;
  readonly retryMs: number;
  readonly delaySeconds: number;
  /** Whether the channel knows the listener. */
  isKnown(): Promise<boolean>;
}

/** Where messages come from; `open` is called at the first `next()`. */
export type Supply =
  | { readonly mode: 'log'; open(wake: () => void): ChannelReader }
  | { readonly mode: 'pop'; readonly queue: Queue; onDelivered(): void };

/** Queues that cannot say when something is pushed are asked so often, in ms. */
const POLL_MS = 500;
/** Those that can, after this time, should they have missed something. */
const CHECK_MS = 25_000;

/**
 * A listener's events. It reads from the first `next()` on, and ends when the listener is stopped, or at `return()`.
 */
export class MessageStream implements AsyncIterableIterator<ServerSentEvent> {
  readonly #source: StreamSource;
  readonly #supply: Supply;
  readonly #bell: Bell = new Bell();
  readonly #events: AsyncGenerator<ServerSentEvent, undefined>;
  #isClosed = false;
  #hasBegun = false;

  constructor(source: StreamSource, supply: Supply) {
    this.#source = source;
    this.#supply = supply;
    this.#events = this.#run();
  }

  next(): Promise<IteratorResult<ServerSentEvent, undefined>> {
    return this.#events.next();
  }

  return(): Promise<IteratorResult<ServerSentEvent, undefined>> {
    this.#isClosed = true;
    this.#bell.ring();
    return this.#events.return(undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  get #isOver(): boolean {
    return this.#isClosed || !this.#source.listener.isRunning;
  }

  async *#run(): AsyncGenerator<ServerSentEvent, undefined> {
    const { listener, signal } = this.#source;
    throwIfAborted(signal);
    if (this.#isOver) return undefined;
    if (!(await this.#source.isKnown())) {
      const error = new InvalidListenerException(
        `listener ${listener.id} is not registered with the channel`,
      );
      yield this.#failure(error);
      return undefined;
    }
    const forget = listener.onceStopped(this.#bell.ring);
    signal?.addEventListener('abort', this.#bell.ring);
    try {
      yield* this.#supply.mode === 'log' ? this.#fromLog(this.#supply) : this.#fromQueue(this.#supply);
    } finally {
      forget();
      signal?.removeEventListener('abort', this.#bell.ring);
    }
    return undefined;
  }

  async *#fromLog(supply: Extract<Supply, { mode: 'log' }>): AsyncGenerator<ServerSentEvent, void> {
    const reader = supply.open(this.#bell.ring);
    try {
      while (!this.#isOver) {
        throwIfAborted(this.#source.signal);
        const item = this.#read(reader);
        if (item === undefined) await this.#bell.heard(Number.POSITIVE_INFINITY);
        else if (item.type === 'busy' || item.type === 'taken-over' || item.type === 'stopped') {
          if (item.type === 'busy') yield this.#failure(served(this.#source.listener.id));
          return;
        } else if (item.type === 'reset') {
          const { position, reason } = item;
          yield this.#event({ id: position, event: 'reset', data: JSON.stringify({ reason, position }) });
        } else if (item.type === 'entry') {
          const message = this.#source.writer.message(item);
          if (message !== undefined) yield* this.#deliver(message, item.position);
        }
      }
    } finally {
      reader.close();
    }
  }

  async *#fromQueue({
    queue,
    onDelivered,
  }: Extract<Supply, { mode: 'pop' }>): AsyncGenerator<ServerSentEvent, void> {
    await using _watching = await queue.watch?.(this.#bell.ring);
    const waitMs = queue.watch === undefined ? POLL_MS : CHECK_MS;
    while (!this.#isOver) {
      throwIfAborted(this.#source.signal);
      try {
        const message = await queue.pop({ timeoutMs: 0 });
        onDelivered();
        const id = message.kind === 'unique' ? message.id : undefined;
        yield* this.#deliver(message, id);
      } catch (error) {
        if (error instanceof NoMessagesException) await this.#bell.heard(waitMs, this.#source.signal);
        else if (error instanceof InvalidMessageFormat) yield this.#failure(error);
        else throw error;
      }
    }
  }

  async *#deliver(message: AnyMessage, id: string | undefined): AsyncGenerator<ServerSentEvent, void> {
    const { listener, writer, delaySeconds, signal } = this.#source;
    let event: ServerSentEvent;
    try {
      listener.onMessage(message);
      event = { id, event: message.type, data: writer.dataOf(message), message };
    } catch (error) {
      event = { ...this.#failure(error), id };
    }
    yield this.#event(event);
    if (delaySeconds <= 0 || this.#isOver) return;
    const pause = new Bell();
    const forget = listener.onceStopped(pause.ring);
    await pause.heard(delaySeconds * 1_000, signal);
    forget();
  }

  #read(reader: ChannelReader): ChannelItem | undefined {
    try {
      return reader.read();
    } catch (error) {
      throw asRepositoryError('reading a channel', error);
    }
  }

  #event(event: ServerSentEvent): ServerSentEvent {
    if (this.#hasBegun) return event;
    this.#hasBegun = true;
    return { ...event, retry: this.#source.retryMs };
  }

  /** Clients are told no more than its code. */
  #failure(error: unknown): ServerSentEvent {
    const { code } = error as { code?: unknown };
    const data = JSON.stringify({ code: typeof code === 'string' ? code : 'ERROR' });
    return this.#event({ event: 'error', data, error });
  }
}

function served(listenerId: string): InvalidListenerException {
  return new InvalidListenerException(
    `listener ${listenerId} has another stream: end that one first, or use the policy "take-over" or "share"`,
  );
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  throw new AbortError('waiting for an event', {
    maybeExecuted: false,
    phase: 'queued',
    cause: signal.reason,
  });
}
