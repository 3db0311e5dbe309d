import { ClosedError, type Gap, type Topic } from '@redlane/client';
import type { Codec } from '@redlane/client/codec';
import type { Dispatch, Form, Membership } from './dispatch.js';
import { DurableFeed } from './durable-feed.js';
import type { DurableLogs } from './durable-logs.js';
import { ListenerOverflowError } from './errors.js';
import type { ScriptPubSubListener } from './listener.js';
import type { ListenerStats } from './listener-stats.js';
import { Mailbox, type MailboxUser, type Overflow } from './mailbox.js';
import type { Handle, MessageInfo } from './message-info.js';
import { type OwnDriver, OwnLine } from './own-line.js';
import { type ListenerKind, type QueueOptions, resolveQueue } from './queue-options.js';
import type { Registered } from './registered.js';
import { nameOf } from './topics.js';

/** How something is listened to. */
export interface ReceiveOptions {
  /** Ends the wait for the confirmation, and later the listening. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait for the server's confirmation, in ms; 0: for ever. @default the client's, 5_000 */
  readonly timeoutMs?: number | undefined;
  /** What waits for the listener, and what becomes of more. */
  readonly queue?: QueueOptions | undefined;
  /**
   * Of channels that are written by `publishDurable`: the past comes first, `true` from the oldest message that is kept, an
   * id from behind that message; then all that comes, each once and in order, over losses of the connection. What is published
   * otherwise does not come.
   */
  readonly replay?: boolean | string | undefined;
}

/** What a registration needs of its client. */
export interface RegistrationHost {
  readonly dispatch: Dispatch;
  readonly logs: DurableLogs;
  readonly timeoutMs: number;
  /** A connection for one listener alone. */
  ownDriver(): OwnDriver;
  /** Without a registration: of all who listen to the topic. */
  onGap(gap: Gap, registration?: Registration): void;
  onOverflow(overflow: Overflow, registration: Registration): void;
  onMissed(
    missed: { from: number; to: number; reason: 'trimmed' | 'lost'; dropped?: number | undefined },
    registration: Registration,
  ): void;
  /** What a listener has thrown, a message that cannot be decoded, and the end of a listener by itself. */
  onError(error: unknown, registration: Registration, channel: string): void;
  /** It is over. */
  onEnd(registration: Registration): void;
}

export interface RegistrationParts {
  readonly topics: readonly Topic[];
  readonly codec: Codec<never, unknown> | undefined;
  readonly kind: ListenerKind;
  readonly handle: Handle;
  readonly once?: boolean | undefined;
  /** It has ended, by whatever: `error` when not by its user. */
  readonly onEnded?: ((error: Error | undefined) => void) | undefined;
}

/** Somebody who listens to one or more topics: the mailbox, where its messages come from, and its end. */
export class Registration implements MailboxUser, Registered {
  readonly topics: readonly Topic[];
  readonly decode: MailboxUser['decode'];
  readonly handle: Handle;
  readonly #mailbox: Mailbox;
  /** Handled: who does not look at it gets no unhandled rejection. */
  readonly ready: Promise<void>;
  /** What the events show as the listener. */
  face: ScriptPubSubListener<never> | undefined;
  lastId: string | undefined;
  readonly #host: RegistrationHost;
  readonly #parts: RegistrationParts;
  readonly #signal: AbortSignal | undefined;
  #sources: readonly Membership[] = [];
  /** The streams that it reads. */
  #reading: Disposable | undefined;
  #ended: Promise<void> | undefined;

  constructor(host: RegistrationHost, parts: RegistrationParts, options: ReceiveOptions) {
    this.#host = host;
    this.#parts = parts;
    this.#signal = options.signal;
    this.topics = parts.topics;
    const queue = resolveQueue(options.queue, parts.kind);
    const replay = options.replay === false ? undefined : options.replay;
    const { codec } = parts;
    this.decode = codec === undefined ? undefined : (raw) => codec.decode(raw);
    this.handle = this.#handleFor(parts, replay !== undefined);
    this.#mailbox = new Mailbox(this, queue);
    this.ready = this.#begin(options, replay, queue.policy === 'pause');
    this.ready.catch(() => undefined);
  }

  failed(error: unknown, channel: string): void {
    this.#host.onError(error, this, channel);
  }

  overflowed(overflow: Overflow): void {
    this.#host.onOverflow(overflow, this);
  }

  gaveUp(): void {
    this.#giveUp(new ListenerOverflowError(nameOf(this.topics[0] as Topic), this.#mailbox.limit));
  }

  pause(): void {
    for (const source of this.#sources) source.pause?.();
  }

  resume(): void {
    for (const source of this.#sources) source.resume?.();
  }

  get stats(): ListenerStats {
    return this.#mailbox.stats;
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  /** No call begins from now on. Resolves when the server knows, where it has to. */
  end(error?: Error): Promise<void> {
    if (this.#ended === undefined) {
      let settle: (left: Promise<void>) => void = () => undefined;
      // First, since what the events below call may come here again.
      this.#ended = new Promise((resolve) => {
        settle = resolve;
      });
      this.#mailbox.end();
      this.#signal?.removeEventListener('abort', this.#abort);
      this.#reading?.[Symbol.dispose]();
      settle(Promise.all(this.#sources.map((source) => source.leave())).then(() => undefined));
      this.#host.onEnd(this);
      this.#parts.onEnded?.(error);
    }
    return this.#ended;
  }

  async #begin(options: ReceiveOptions, replay: true | string | undefined, pauses: boolean): Promise<void> {
    const wait = { signal: options.signal, timeoutMs: options.timeoutMs ?? this.#host.timeoutMs };
    try {
      // One by one: those before one that cannot be had are left again.
      for (const topic of this.topics)
        this.#sources = [...this.#sources, this.#source(topic, replay, pauses, wait)];
      await Promise.all(this.#sources.map(({ ready }) => ready));
    } catch (error) {
      await this.end(error as Error).catch(() => undefined);
      throw error;
    }
    if (this.#ended !== undefined) throw new ClosedError('client');
    if (this.#signal?.aborted) this.#abort();
    else this.#signal?.addEventListener('abort', this.#abort, { once: true });
  }

  #source(
    topic: Topic,
    replay: true | string | undefined,
    pauses: boolean,
    wait: { signal: AbortSignal | undefined; timeoutMs: number },
  ): Membership {
    const mailbox = this.#mailbox;
    const form: Form = this.#parts.codec?.replies ?? 'string';
    const { dispatch, logs } = this.#host;
    if (replay !== undefined) {
      const channel = nameOf(topic);
      this.#reading = logs.reading(channel);
      const events = {
        onMissed: (missed: Parameters<RegistrationHost['onMissed']>[0]) => this.#host.onMissed(missed, this),
        onFailed: (error: unknown) => this.#giveUp(error as Error),
      };
      return new DurableFeed({ log: logs.log(channel, form), channel, replay }, mailbox, events, wait);
    }
    if (!pauses) return dispatch.join(topic, form, mailbox, wait);
    const onGap = (gap: Gap): void => this.#host.onGap(gap, this);
    return new OwnLine(this.#host.ownDriver(), { topic, form, mailbox, onGap }, wait);
  }

  #handleFor({ handle, once }: RegistrationParts, durable: boolean): Handle {
    if (once !== true && !durable) return handle;
    return (channel, value, info: MessageInfo) => {
      if (info.id !== undefined) this.lastId = info.id;
      if (once === true) void this.end().catch((error: unknown) => this.#host.onError(error, this, channel));
      return handle(channel, value, info);
    };
  }

  #giveUp(error: Error): void {
    this.#host.onError(error, this, nameOf(this.topics[0] as Topic));
    void this.end(error).catch(() => undefined);
  }

  readonly #abort = (): void => {
    void this.end().catch(() => undefined);
  };
}
