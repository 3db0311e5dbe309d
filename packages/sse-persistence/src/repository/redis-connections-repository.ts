import { Connection } from '../connection.js';
import { PersistableListener } from '../listener.js';
import { BlockingRedisQueue } from '../queue/blocking-redis-queue.js';
import type { QueueType } from '../queue/queue.js';
import { resolveQueueOptions } from '../queue/queue-options.js';
import { RedisQueue } from '../queue/redis-queue.js';
import { ask } from '../store/ask.js';
import { ChannelIndex } from '../store/channel-index.js';
import type { ListenerRow } from '../store/channel-store.js';
import { openStore, type Store, type StoreArguments } from '../store/open-store.js';
import { RedisChannelStore } from '../store/redis-channel-store.js';
import { deadLetterKey, queueKey } from '../store/storage-keys.js';
import type { ConnectionRepositoryInterface } from './connection-repository.js';
import {
  type ConnectionsRepositoryOptions,
  type ResolvedConnectionsOptions,
  resolveConnectionsOptions,
} from './connections-options.js';

/** Channels' listeners in Redis, their queues, and the logs of channels. All of it over one connection. */
export class RedisConnectionsRepository implements ConnectionRepositoryInterface, AsyncDisposable {
  /** Which channels there are. */
  readonly index: ChannelIndex;
  readonly #store: Store;
  readonly #options: ResolvedConnectionsOptions;
  readonly #channels: Map<string, WeakRef<RedisChannelStore>> = new Map();
  readonly #collected: FinalizationRegistry<string> = new FinalizationRegistry((id) => {
    if (this.#channels.get(id)?.deref() === undefined) this.#channels.delete(id);
  });

  /**
   * `(host = '127.0.0.1', port = 6379, db = 0, options)`, or `(driver, options)` with a driver, a client or an ioredis instance,
   * which stays open at `close()`. Nothing is connected yet.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`)
   */
  constructor(...where: StoreArguments<ConnectionsRepositoryOptions>) {
    const { store, options } = openStore<ConnectionsRepositoryOptions>(where);
    this.#store = store;
    this.#options = resolveConnectionsOptions(options);
    resolveQueueOptions(this.#options.queue);
    this.index = new ChannelIndex(store.driver, this.#options.directory.listenerTtlMs);
  }

  createQueue(listenerId: string, queueType: QueueType = this.#options.queueType): RedisQueue {
    const Queue = queueType === 'blocking' ? BlockingRedisQueue : RedisQueue;
    return new Queue(listenerId, this.#store.driver, this.#options.queue);
  }

  /** The connections of all channels, each once, sorted by channel and listener. @throws RepositoryError */
  async *loadAll(): AsyncGenerator<Connection, void> {
    for (const channelId of await ask('loading channels', () => this.index.ids()))
      yield* this.load(channelId);
  }

  /** The connections of a channel, each once, sorted by listener. @throws RepositoryError */
  async *load(channelId: string): AsyncGenerator<Connection, void> {
    const { directory } = this.store(channelId);
    const bad = (listenerId: string, error: Error): void =>
      this.#options.bad(error, { channelId, listenerId });
    for (const { id, queueType } of await ask('loading connections', () => directory.list(bad))) {
      yield new Connection(new PersistableListener(id), this.createQueue(id, queueType));
    }
  }

  /** Stores the listener, never its queue. It gets what is sent from now on. @throws RepositoryError */
  async persist(channelId: string, { listener, queue }: Connection): Promise<void> {
    const { log, directory } = this.store(channelId);
    const row: ListenerRow = {
      id: listener.id,
      createdAt: Date.now(),
      queueType: queue.queueType ?? this.#options.queueType,
    };
    await ask('persisting a connection', async () => directory.register(row, await log.position()));
    this.index.used(channelId);
  }

  /** First the queue, then the listener: what a crash in between leaves is found by the next call. @throws RepositoryError */
  async delete(channelId: string, listenerId: string): Promise<void> {
    await ask('deleting a connection', async () => {
      await this.deleteQueue(listenerId);
      await this.store(channelId).directory.remove(listenerId);
    });
  }

  store(channelId: string): RedisChannelStore {
    const known = this.#channels.get(channelId)?.deref();
    if (known !== undefined) return known;
    const { log, directory } = this.#options;
    const made = new RedisChannelStore(this.#store.driver, channelId, { log, directory });
    this.#channels.set(channelId, new WeakRef(made));
    this.#collected.register(made, channelId);
    return made;
  }

  /** @internal */
  async deleteQueue(listenerId: string): Promise<void> {
    await this.#store.driver.send(['UNLINK', queueKey(listenerId), deadLetterKey(listenerId)]);
  }

  /** @internal */
  get opened(): Store {
    return this.#store;
  }

  /** Closes what was opened for this repository. Channels and queues that stand on it cannot be used any more. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
