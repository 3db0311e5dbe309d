import type { Gap, RedisDriver } from '@redlane/client';
import { type Appended, StreamLog, streamLogKeys } from '@redlane/client/stream-log';
import type { Form } from './dispatch.js';
import { type DurableSettings, HISTORY, keysOf } from './durable-options.js';
import type { Raw } from './message-info.js';
import { nameOf } from './topics.js';

/** How a durable message is published. */
export interface DurablePublishOptions {
  /**
   * A second message with the same key is none: it is not written, and gets the id of the first. For trying again after an
   * error with `maybeExecuted`.
   */
  readonly idempotencyKey?: string | undefined;
  /** Ends the wait for the reply; it may be published all the same. */
  readonly signal?: AbortSignal | undefined;
}

/** A durable message as it stands in its stream. */
export interface DurableMessage {
  /** Where it stands; for the option `replay`. */
  readonly id: string;
  /** An earlier message with the same idempotency key is this one. */
  readonly duplicate: boolean;
}

/** The name of the field that carries a message. */
export const FIELD = 'm';

const PAGE_SIZE = 500;

/** The streams behind the durable channels of a client. */
export class DurableLogs {
  readonly #driver: RedisDriver;
  readonly #settings: DurableSettings;
  readonly #logs: Map<string, StreamLog<Form>> = new Map();
  /** Channels that are read, by the topics of their streams, and by how many. */
  readonly #readers: Map<string, { readonly channel: string; count: number }> = new Map();

  constructor(driver: RedisDriver, settings: DurableSettings) {
    this.#driver = driver;
    this.#settings = settings;
  }

  /** Writes a message and publishes it: to those who read the stream, and to all who listen to the channel. */
  async publish(channel: string, payload: Raw, options: DurablePublishOptions): Promise<DurableMessage> {
    const log = this.log(channel, 'string');
    const { position, duplicate }: Appended = await log.append(
      { [FIELD]: payload },
      { ...options, copyTo: { channel, payload } },
    );
    return { id: position, duplicate };
  }

  /** The stream of a channel, with values in this form. */
  log(channel: string, form: Form): StreamLog<Form> {
    const id = `${form} ${channel}`;
    let log = this.#logs.get(id);
    if (log === undefined) {
      const settings = typeof this.#settings === 'function' ? this.#settings(channel) : this.#settings;
      const { history, prefix = 'pubsub', idempotencyTtlMs } = settings;
      log = new StreamLog<Form>(this.#driver, {
        keys: streamLogKeys(keysOf(prefix, channel)),
        history: { size: HISTORY, ...history },
        idempotencyTtlMs,
        pageSize: PAGE_SIZE,
        replies: form,
      });
      this.#logs.set(id, log);
    }
    return log;
  }

  /** Somebody reads the stream of this channel until the disposable is disposed. */
  reading(channel: string): Disposable {
    const settings = typeof this.#settings === 'function' ? this.#settings(channel) : this.#settings;
    const { topic } = streamLogKeys(keysOf(settings.prefix ?? 'pubsub', channel));
    const reader = this.#readers.get(topic) ?? { channel, count: 0 };
    this.#readers.set(topic, reader);
    reader.count++;
    return {
      [Symbol.dispose]: () => {
        if (--reader.count === 0) this.#readers.delete(topic);
      },
    };
  }

  /** The channel whose stream's readers were cut off for the time of this gap, and read it up. */
  channelOf({ topic }: Gap): string | undefined {
    return this.#readers.get(nameOf(topic))?.channel;
  }

  async close(): Promise<void> {
    await Promise.all(Array.from(this.#logs.values(), (log) => log.close()));
  }
}
