import { SSEChannel } from '../channel/sse-channel.js';
import { decodeChannelDict, encodeChannelDict } from './channel-dict.js';
import type { ChannelRepositoryInterface } from './channel-repository.js';
import {
  MemoryConnectionsRepository,
  type MemoryRepositoryOptions,
} from './memory-connections-repository.js';

/** Channels in memory, with the behaviour of Redis: for tests, and for single processes that may forget. */
export class MemorySSEChannelRepository implements ChannelRepositoryInterface {
  readonly connectionsRepository: MemoryConnectionsRepository;
  readonly #channels: Map<string, string> = new Map();

  constructor(options: MemoryRepositoryOptions = {}) {
    this.connectionsRepository = new MemoryConnectionsRepository(options);
  }

  async *load(): AsyncGenerator<SSEChannel, void> {
    for (const [channelId, text] of [...this.#channels].sort(([one], [other]) => (one < other ? -1 : 1))) {
      const dict = decodeChannelDict(channelId, text);
      const channel = new SSEChannel({
        channelId,
        streamDelaySeconds: dict.stream_delay_seconds,
        retryTimeoutMilliseconds: dict.retry_timeout_milliseconds,
        connectionsRepository: this.connectionsRepository,
      });
      await channel.loadPersistedData();
      yield channel;
    }
  }

  async persist(channel: SSEChannel): Promise<void> {
    this.#channels.set(channel.kvKey, encodeChannelDict(channel.kvValueAsDict));
  }

  async delete(key: string): Promise<void> {
    for await (const { listener } of this.connectionsRepository.load(key)) {
      await this.connectionsRepository.delete(key, listener.id);
    }
    const { log, directory } = this.connectionsRepository.store(key);
    await log.remove();
    await directory.clear();
    this.#channels.delete(key);
  }

  async deleteListener(channelId: string, listenerId: string): Promise<void> {
    await this.connectionsRepository.delete(channelId, listenerId);
  }
}
