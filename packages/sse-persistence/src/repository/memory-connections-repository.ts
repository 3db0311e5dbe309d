import { Connection } from '../connection.js';
import { PersistableListener } from '../listener.js';
import { MemoryQueue } from '../queue/memory-queue.js';
import type { ChannelStore } from '../store/channel-store.js';
import { checkInteger } from '../store/checks.js';
import { MemoryDirectory } from '../store/memory-directory.js';
import { MemoryLog } from '../store/memory-log.js';
import { checkId } from '../store/storage-keys.js';
import type { ConnectionRepositoryInterface } from './connection-repository.js';

export interface MemoryRepositoryOptions {
  /** Events that are kept for each channel. @default 1_000 */
  readonly historySize?: number | undefined;
}

/** All of it in memory, with the behaviour of Redis: for tests, and for single processes that may forget. */
export class MemoryConnectionsRepository implements ConnectionRepositoryInterface {
  readonly #historySize: number;
  readonly #stores: Map<string, ChannelStore> = new Map();
  readonly #queues: Map<string, MemoryQueue> = new Map();

  /** @throws InvalidOptionError */
  constructor({ historySize = 1_000 }: MemoryRepositoryOptions = {}) {
    this.#historySize = checkInteger(historySize, 'historySize', 1);
  }

  createQueue(listenerId: string): MemoryQueue {
    let queue = this.#queues.get(checkId(listenerId, 'listenerId'));
    if (queue === undefined) {
      queue = new MemoryQueue();
      this.#queues.set(listenerId, queue);
    }
    return queue;
  }

  async *loadAll(): AsyncGenerator<Connection, void> {
    for (const channelId of [...this.#stores.keys()].sort()) yield* this.load(channelId);
  }

  async *load(channelId: string): AsyncGenerator<Connection, void> {
    for (const { id } of (await this.#stores.get(channelId)?.directory.list(() => undefined)) ?? []) {
      yield new Connection(new PersistableListener(id), this.createQueue(id));
    }
  }

  async persist(channelId: string, { listener }: Connection): Promise<void> {
    const { log, directory } = this.store(channelId);
    const row = { id: listener.id, createdAt: Date.now(), queueType: 'plain' as const };
    await directory.register(row, await log.position());
  }

  async delete(channelId: string, listenerId: string): Promise<void> {
    this.#queues.delete(listenerId);
    await this.store(channelId).directory.remove(listenerId);
  }

  store(channelId: string): ChannelStore {
    let store = this.#stores.get(checkId(channelId, 'channelId'));
    if (store === undefined) {
      store = { log: new MemoryLog(this.#historySize), directory: new MemoryDirectory() };
      this.#stores.set(channelId, store);
    }
    return store;
  }
}
