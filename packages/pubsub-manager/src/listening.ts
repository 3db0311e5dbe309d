import type { Gap, RedisDriver, Topic } from '@redlane/client';
import type { Codec } from '@redlane/client/codec';
import type { PubSubFailure } from './client-events.js';
import { Dispatch } from './dispatch.js';
import type { DurableLogs } from './durable-logs.js';
import type { PubSubGap } from './gap.js';
import { type ListenerFunction, ScriptPubSubListener } from './listener.js';
import { checkReplay, type ListenerOptions, type MessagesInput, topicsOf } from './listener-options.js';
import { MessageIterator } from './message-iterator.js';
import { callable, flag } from './option-checks.js';
import type { OwnDriver } from './own-line.js';
import { codecOf } from './payload.js';
import type { ListenerKind } from './queue-options.js';
import { type ReceiveOptions, Registration, type RegistrationHost } from './registration.js';
import { Registrations } from './registrations.js';
import { nameOf, topicId } from './topics.js';

/** What listening needs of its client. */
export interface ListeningParts {
  readonly driver: RedisDriver;
  readonly logs: DurableLogs;
  /** How long a listener waits for the confirmation unless options say otherwise. */
  readonly timeoutMs: number;
  /** A connection for one listener alone. */
  ownDriver(): OwnDriver;
  onGap(gap: PubSubGap): void;
  onFailure(failure: Omit<PubSubFailure, 'client'>): void;
}

/** All that a client listens to: who is registered, and what has to be told of them. */
export class Listening {
  readonly #parts: ListeningParts;
  readonly #host: RegistrationHost;
  readonly #registrations: Registrations = new Registrations();
  readonly #gapsOfLogs: Disposable;
  /** Those of a topic that is listened to in two forms are told of the same gap. */
  #lastGap: Gap | undefined;

  constructor(parts: ListeningParts) {
    const { driver, logs, timeoutMs } = parts;
    this.#parts = parts;
    this.#host = {
      dispatch: new Dispatch(driver, (gap) => this.#gap(gap)),
      logs,
      timeoutMs,
      ownDriver: () => parts.ownDriver(),
      onGap: (gap, registration) => this.#gap(gap, registration),
      onOverflow: ({ topic, ...overflow }, { face }) =>
        parts.onGap({
          channel: nameOf(topic),
          topic,
          ...overflow,
          reason: 'overflow',
          filled: false,
          listener: face,
        }),
      onMissed: (missed, { topics, face }) =>
        parts.onGap({
          channel: nameOf(topics[0] as Topic),
          topic: topics[0] as Topic,
          ...missed,
          filled: false,
          listener: face,
        }),
      onError: (error, { face }, channel) => parts.onFailure({ error, channel, listener: face }),
      onEnd: (registration) => this.#registrations.remove(registration),
    };
    this.#gapsOfLogs = driver.on('gap', (gap) => this.#gapOfLog(gap));
  }

  get count(): number {
    return this.#registrations.size;
  }

  /** @throws InvalidOptionError */
  register<Received>(
    fn: ListenerFunction<Received>,
    topic: Topic,
    codec: Codec<never, unknown> | undefined,
    kind: ListenerKind,
    options: ListenerOptions,
  ): ScriptPubSubListener<Received> {
    callable(fn, 'listener');
    if (options.once !== undefined) flag(options.once, 'once');
    checkReplay([topic], options);
    const registration = new Registration(
      this.#host,
      { topics: [topic], codec, kind, handle: fn as ListenerFunction<never>, once: options.once },
      options,
    );
    const listener = new ScriptPubSubListener<Received>({ fn, kind, topic, registration });
    registration.face = faceOf(listener);
    this.#registrations.add(registration);
    return listener;
  }

  /** `begins` is called when the first message is asked for. @throws InvalidOptionError */
  iterate<Received>(
    channel: MessagesInput<Received>,
    options: ReceiveOptions,
    begins: () => void,
  ): MessageIterator<Received> {
    const topics = topicsOf(channel);
    checkReplay(topics, options);
    return new MessageIterator<Received>((handle, onEnded) => {
      begins();
      const codec = typeof channel === 'object' && 'codec' in channel ? codecOf(channel) : undefined;
      const registration = new Registration(
        this.#host,
        { topics, codec, kind: 'sync', handle, onEnded },
        options,
      );
      this.#registrations.add(registration);
      return registration;
    }, options.signal);
  }

  endFunction(fn: unknown): Promise<void> {
    return this.#registrations.endFunction(fn);
  }

  endTopic(topic: Topic): Promise<void> {
    return this.#registrations.endTopic(topicId(topic));
  }

  end(): Promise<void> {
    this.#gapsOfLogs[Symbol.dispose]();
    return this.#registrations.endAll();
  }

  #gap(gap: Gap, registration?: Registration): void {
    if (gap === this.#lastGap) return;
    this.#lastGap = gap;
    const { topic, from, to, reason, dropped } = gap;
    const listener = registration?.face;
    this.#parts.onGap({ channel: nameOf(topic), topic, from, to, reason, filled: false, dropped, listener });
  }

  /** Those who read a stream are told by its own topic, and read up what they have missed. */
  #gapOfLog(gap: Gap): void {
    const channel = this.#parts.logs.channelOf(gap);
    if (channel === undefined) return;
    const { from, to, reason } = gap;
    this.#parts.onGap({ channel, topic: { channel }, from, to, reason, filled: true });
  }
}

/** All listeners in events are of one type, whatever their messages are. */
export function faceOf<Received>(listener: ScriptPubSubListener<Received>): ScriptPubSubListener<never> {
  return listener as unknown as ScriptPubSubListener<never>;
}
