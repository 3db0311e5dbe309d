import type { SSEChannel } from '../channel/sse-channel.js';

/** Keeps channels. */
export interface ChannelRepositoryInterface {
  /** All channels that were persisted, with their listeners. */
  load(): AsyncIterable<SSEChannel>;
  persist(channel: SSEChannel): Promise<void>;
  /** Forgets a channel with its listeners, queues and events. Nothing happens when it is not there. */
  delete(key: string): Promise<void>;
  deleteListener(channelId: string, listenerId: string): Promise<void>;
}
