import { InvalidOptionError, type RedisDriver } from '@redlane/client';
import type { AnyMessage, MessageContract } from '../message/message.js';
import {
  checkAddress,
  openStore,
  type ServerAddress,
  type Store,
  type StoreArguments,
  storeAt,
} from '../store/open-store.js';
import { checkId, deadLetterKey, queueKey } from '../store/storage-keys.js';
import type { PersistableQueue, QueueType, WaitOptions } from './queue.js';
import { type QueueOptions, type ResolvedQueueOptions, resolveQueueOptions } from './queue-options.js';

/** What is known of a queue, by Python's names. Without an address where a connection was given instead. */
export type QueueDict = Readonly<{ listener_id: string } & Partial<ServerAddress>>;

/** A listener's queue in Redis: where it is, and who it belongs to. */
export abstract class AbstractRedisQueue implements PersistableQueue, AsyncDisposable {
  abstract readonly queueType: QueueType;
  protected readonly options: ResolvedQueueOptions;
  #listenerId: string;
  #store: Store;
  #closing: Promise<unknown> = Promise.resolve();

  /**
   * `(listenerId, host = '127.0.0.1', port = 6379, db = 0, options)`, or `(listenerId, driver, options)` with a driver, a client
   * or an ioredis instance, which stays open at `close()`. Nothing is connected yet.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`)
   */
  constructor(listenerId: string, ...where: StoreArguments<QueueOptions>) {
    this.#listenerId = checkId(listenerId, 'listenerId');
    const { store, options } = openStore<QueueOptions>(where);
    this.#store = store;
    this.options = resolveQueueOptions(options);
  }

  /** The listener's id. */
  get kvKey(): string {
    return this.#listenerId;
  }

  /** A copy with Python's names. */
  get kvValueAsDict(): QueueDict {
    return Object.freeze({ listener_id: this.#listenerId, ...this.#store.address });
  }

  /**
   * Takes over stored values. Connections go to the address in them; without one they stay where they are.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) when one of the values is missing
   */
  setupByDict(setup: Readonly<Record<string, unknown>>): void {
    const { listener_id, host, port, db } = setup;
    const listenerId = checkId(listener_id, 'listener_id');
    const isNowhere = host === undefined && port === undefined && db === undefined;
    if (isNowhere && this.#store.address !== undefined) {
      throw new InvalidOptionError(
        'host',
        'must be there, and so must port and db: the queue was made with an address',
      );
    }
    if (!isNowhere) {
      const address = checkAddress({ host, port, db });
      const former = this.#store;
      this.#store = storeAt(address);
      this.#closing = Promise.allSettled([this.#closing, former.close()]);
    }
    this.#listenerId = listenerId;
  }

  abstract push(message: MessageContract): Promise<void>;
  abstract pop(options?: WaitOptions): Promise<AnyMessage>;

  /** Closes what was opened for this queue. */
  async close(): Promise<void> {
    await Promise.all([this.#closing, this.#store.close()]);
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  protected get driver(): RedisDriver {
    return this.#store.driver;
  }

  /** The list, and the topic that wakes up those who wait. */
  protected get key(): string {
    return queueKey(this.#listenerId);
  }

  protected get deadKey(): string {
    return deadLetterKey(this.#listenerId);
  }
}
