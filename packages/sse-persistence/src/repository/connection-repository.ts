import type { Connection } from '../connection.js';
import type { Queue } from '../queue/queue.js';
import type { ChannelStore } from '../store/channel-store.js';

/** Keeps channels' listeners, and makes their queues. */
export interface ConnectionRepositoryInterface {
  /** The queue of a listener. Nothing is stored by it. */
  createQueue(listenerId: string): Queue;
  /** The connections of all channels. */
  loadAll(): AsyncIterable<Connection>;
  /** The connections of a channel. */
  load(channelId: string): AsyncIterable<Connection>;
  persist(channelId: string, connection: Connection): Promise<void>;
  /** Forgets a listener with its queue. Nothing happens when it is not there. */
  delete(channelId: string, listenerId: string): Promise<void>;
  /**
   * Log and listeners of a channel; what a process has made for a channel stays the same. A repository without it can be used by
   * channels that deliver through queues, in one process.
   */
  store?(channelId: string): ChannelStore;
}
