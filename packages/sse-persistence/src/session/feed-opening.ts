import type { EventFeed, FeedItem, FeedOpenOptions, FeedReader } from '../event-feed.js';

/** A reader that is ready, and the first thing that it has said. */
export interface OpenedFeed {
  readonly reader: FeedReader;
  readonly first: Exclude<FeedItem, { type: 'event' }>;
  /** Whom `onReadable` tells from now on. */
  handOver(wake: () => void): void;
}

interface Limits {
  readonly timeoutMs: number;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
}

/**
 * Opens a feed and waits for its first item, as the answer's status depends on it.
 *
 * @throws what the feed throws, the signal's reason, or an error that names the time limit
 */
export function openFeed(
  feed: EventFeed,
  options: Omit<FeedOpenOptions, 'onReadable'>,
  { timeoutMs, signal }: Limits,
): Promise<OpenedFeed> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let wake = attempt;
    const reader = feed.open({ ...options, onReadable: () => wake() });
    const giveUp = (error: unknown): void => {
      settle();
      reader.close();
      reject(error);
    };
    const late = (): void => giveUp(new Error(`${feed.id} could not be read within ${timeoutMs} ms`));
    const gone = (): void => giveUp(signal.reason);
    const timer = setTimeout(late, Math.min(timeoutMs, 2 ** 31 - 1));
    signal.addEventListener('abort', gone);
    attempt();

    function attempt(): void {
      try {
        const first = reader.read();
        if (first === undefined) return;
        if (first.type === 'event')
          throw new Error(`${feed.id} began with an event: open or reset must come first`);
        settle();
        const handOver = (next: () => void): void => {
          wake = next;
        };
        resolve({ reader, first, handOver });
      } catch (error) {
        giveUp(error);
      }
    }

    function settle(): void {
      wake = () => undefined;
      clearTimeout(timer);
      signal.removeEventListener('abort', gone);
    }
  });
}
