import type { SSEChannelOptions } from '../channel/channel-options.js';
import { SSEChannel } from '../channel/sse-channel.js';
import { ask } from '../store/ask.js';
import { openStore, type Store, type StoreArguments } from '../store/open-store.js';
import { channelIdOf, checkId, PYTHON_CHANNELS_GLOB, pythonChannelKey } from '../store/storage-keys.js';
import { decodeChannelDict, encodeChannelDict } from './channel-dict.js';
import type { ChannelRepositoryInterface } from './channel-repository.js';
import {
  type ConnectionsRepositoryOptions,
  type ResolvedConnectionsOptions,
  resolveConnectionsOptions,
} from './connections-options.js';
import { RedisConnectionsRepository } from './redis-connections-repository.js';

/** Options of {@link RedisSSEChannelRepository}. */
export interface ChannelRepositoryOptions extends ConnectionsRepositoryOptions {
  /** Options of the channels that `load` makes. */
  readonly channel?:
    | Omit<
        SSEChannelOptions,
        | 'channelId'
        | 'connectionsRepository'
        | 'driver'
        | 'repository'
        | 'streamDelaySeconds'
        | 'retryTimeoutMilliseconds'
      >
    | undefined;
}

export interface LoadOptions {
  /**
   * Also look for channels that Python has persisted, which are in no index: this scans all keys, once is enough.
   * @default false
   */
  readonly discover?: boolean | undefined;
}

/** Channels in Redis. Their three values are shared with Python, both ways. */
export class RedisSSEChannelRepository implements ChannelRepositoryInterface, AsyncDisposable {
  /** What the channels' listeners are kept in. */
  readonly connectionsRepository: RedisConnectionsRepository;
  readonly #store: Store;
  readonly #options: ResolvedConnectionsOptions;
  readonly #channel: ChannelRepositoryOptions['channel'];

  /**
   * `(host = '127.0.0.1', port = 6379, db = 0, options)`, or `(driver, options)` with a driver, a client or an ioredis instance,
   * which stays open at `close()`. Nothing is connected yet.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`)
   */
  constructor(...where: StoreArguments<ChannelRepositoryOptions>) {
    const { store, options } = openStore<ChannelRepositoryOptions>(where);
    this.#store = store;
    this.#options = resolveConnectionsOptions(options);
    this.#channel = options.channel;
    this.connectionsRepository = new RedisConnectionsRepository(store.driver, options);
  }

  /**
   * All channels that were persisted, each once, sorted, with their listeners. One that cannot be read goes to `onError`, or with
   * `strict` is thrown.
   *
   * @throws RepositoryError
   */
  async *load({ discover = false }: LoadOptions = {}): AsyncGenerator<SSEChannel, void> {
    if (discover) await this.#discover();
    const ids = await ask('loading channels', () => this.connectionsRepository.index.ids());
    for (const id of ids) {
      const text = await ask('loading a channel', () =>
        this.#store.driver.send(['GET', pythonChannelKey(id)]),
      );
      // In the index for its listeners only.
      if (text === null) continue;
      const channel = await this.#restore(id, text as string);
      if (channel !== undefined) yield channel;
    }
  }

  /** Stores the channel's values. @throws RepositoryError */
  async persist(channel: SSEChannel): Promise<void> {
    const key = pythonChannelKey(channel.kvKey);
    await ask('persisting a channel', async () => {
      await this.#store.driver.send(['SET', key, encodeChannelDict(channel.kvValueAsDict)]);
      await this.connectionsRepository.index.persisted(channel.kvKey);
    });
  }

  /** Queues, then events and listeners, then its values: what a crash in between leaves is found by the next call. @throws RepositoryError */
  async delete(key: string): Promise<void> {
    const { log, directory } = this.connectionsRepository.store(checkId(key, 'key'));
    await ask('deleting a channel', async () => {
      const ids = new Set<string>();
      // The rows that cannot be read have queues, too.
      for (const { id } of await directory.list((listener) => ids.add(listener))) ids.add(id);
      await Promise.all(Array.from(ids, (id) => this.connectionsRepository.deleteQueue(id)));
      await log.remove();
      await directory.clear();
      await this.#store.driver.send(['UNLINK', pythonChannelKey(key)]);
      await this.connectionsRepository.index.removed(key);
    });
  }

  /** With its queue, and whatever waits for it. @throws RepositoryError */
  async deleteListener(channelId: string, listenerId: string): Promise<void> {
    await this.connectionsRepository.delete(channelId, listenerId);
  }

  /** Closes what was opened for this repository. Channels that stand on it cannot be used any more. */
  close(): Promise<void> {
    return this.#store.close();
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #restore(channelId: string, text: string): Promise<SSEChannel | undefined> {
    try {
      const dict = decodeChannelDict(channelId, text);
      const channel = new SSEChannel({
        ...this.#channel,
        channelId,
        streamDelaySeconds: dict.stream_delay_seconds,
        retryTimeoutMilliseconds: dict.retry_timeout_milliseconds,
        connectionsRepository: this.connectionsRepository,
      });
      await channel.loadPersistedData();
      return channel;
    } catch (error) {
      this.#options.bad(error as Error, { channelId });
      return undefined;
    }
  }

  async #discover(): Promise<void> {
    await ask('looking for channels', async () => {
      for await (const key of this.#store.driver.scan({ match: PYTHON_CHANNELS_GLOB, type: 'string' })) {
        await this.connectionsRepository.index.persisted(channelIdOf(key));
      }
    });
  }
}
