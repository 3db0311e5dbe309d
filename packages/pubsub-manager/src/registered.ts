import type { ListenerStats } from './listener-stats.js';

/** What a listener, or an iteration, needs of its registration. */
export interface Registered {
  readonly ready: Promise<void>;
  readonly stats: ListenerStats;
  /** Of the last durable message that it was called with. */
  readonly lastId: string | undefined;
  end(): Promise<void>;
}
