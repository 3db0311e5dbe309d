import type { EventFeed, FeedItem, FeedOpenOptions, FeedReader } from '../event-feed.js';
import type { Exchange } from './exchange.js';

/** Whom a reader wakes up. */
export interface Wakeable {
  wake(): void;
}

/** A reader that is ready, and the first thing that it has said. */
export interface OpenedFeed {
  readonly reader: FeedReader;
  readonly first: Exclude<FeedItem, { type: 'event' }>;
  /** `onReadable` wakes up this one from now on. */
  handOver(next: Wakeable): void;
}

/** The client has gone before its answer could begin. */
export const GONE: Error = new Error('the client has gone');

/**
 * Opens a feed and waits for its first item, as the answer's status depends on it.
 *
 * @throws what the feed throws, {@link GONE}, or an error that names the time limit
 */
export function openFeed(
  feed: EventFeed,
  options: Omit<FeedOpenOptions, 'onReadable'>,
  exchange: Exchange,
  timeoutMs: number,
): Promise<OpenedFeed> {
  return new Promise((resolve, reject) => {
    if (exchange.isGone) throw GONE;
    const relay = new Relay();
    // Written out: V8 gives each object that a spread has made a shape of its own, which is twice its size.
    const { cursor, from, listener, policy } = options;
    const reader = feed.open({ cursor, from, listener, policy, onReadable: wakerOf(relay) });
    const settle = (): void => {
      relay.target = undefined;
      clearTimeout(timer);
      exchange.whenGone(undefined);
    };
    const giveUp = (error: unknown): void => {
      settle();
      reader.close();
      reject(error);
    };
    const wake = (): void => {
      try {
        const first = reader.read();
        if (first === undefined) return;
        if (first.type === 'event') {
          throw new Error(`${feed.id} began with an event: open or reset must come first`);
        }
        settle();
        resolve({ reader, first, handOver: (next) => relay.handOver(next) });
      } catch (error) {
        giveUp(error);
      }
    };
    const late = (): void => giveUp(new Error(`${feed.id} could not be read within ${timeoutMs} ms`));
    const timer = setTimeout(late, Math.min(timeoutMs, 2 ** 31 - 1));
    exchange.whenGone(() => giveUp(GONE));
    relay.target = { wake };
    wake();
  });
}

class Relay {
  target: Wakeable | undefined;

  handOver(next: Wakeable): void {
    this.target = next;
  }
}

/** Lives as long as the reader, so it is made where nothing else can be kept alive by it. */
function wakerOf(relay: Relay): () => void {
  return () => relay.target?.wake();
}
