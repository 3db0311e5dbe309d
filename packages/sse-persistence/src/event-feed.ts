import type { EventFrame } from './session/event-frame.js';

/**
 * Where the events of open responses come from: what the HTTP side needs of a channel, and all that it knows of one. A feed
 * outlives the readers that it opens, and one feed serves all sessions of a channel in a process.
 */
export interface EventFeed {
  /** For messages and statistics: the channel's id. */
  readonly id: string;
  /**
   * Begins to read for one session. Nothing need be sent before the first `read()`.
   *
   * @throws whatever keeps it from reading at all: the client is told to come back later
   */
  open(options: FeedOpenOptions): FeedReader;
}

/** What happens when a listener that has an open response asks for another one. */
export type ListenerPolicy =
  /** The older response ends. */
  | 'take-over'
  /** The newer request is told to come back later. */
  | 'refuse'
  /** Both get everything. */
  | 'share';

export interface FeedOpenOptions {
  /** What the client has seen last; `undefined` for a client without a cursor. It came over the wire: it may be anything. */
  readonly cursor: string | undefined;
  /** Where a client without a cursor begins: with what comes, or with the oldest event that is kept. */
  readonly from: 'now' | 'start';
  /** Whose responses these are: gets what is for everybody and what is for it. `undefined` gets only the former. */
  readonly listener: string | undefined;
  /**
   * For other processes' sessions of this listener; those of this process are dealt with before the feed is asked. A feed that
   * knows of no other processes ignores it.
   */
  readonly policy: ListenerPolicy;
  /**
   * To be called after `read()` has returned `undefined`, as soon as there may be something. A call too many does no harm; it
   * returns at once, and never throws.
   */
  readonly onReadable: () => void;
}

/**
 * Reads a channel for one session. Whatever is not read waits in the channel's log, so a reader keeps next to nothing: who
 * cannot write stops reading.
 */
export interface FeedReader {
  /**
   * The next item, if there is one now; else `undefined`, and `onReadable` is called later. The first item is `open`, `reset`,
   * `busy` or `stopped`.
   *
   * @throws when it cannot go on: the response ends, and the client comes back
   */
  read(): FeedItem | undefined;
  /** Ends the reading; no `onReadable` follows. May be called twice. */
  close(): void;
}

export type FeedItem =
  /** Reading begins: what follows is everything behind the cursor, or from now on. */
  | { readonly type: 'open'; readonly position: string }
  /** Something may be missed: what follows is everything behind the new position. */
  | { readonly type: 'reset'; readonly position: string; readonly reason: string }
  /** Sessions that read the same event get the same frame, so that it is encoded once in a process. */
  | { readonly type: 'event'; readonly frame: EventFrame }
  /** First item: the listener is served elsewhere, and the policy is to refuse. The client is told to come back later. */
  | { readonly type: 'busy' }
  /** Last item: another process has taken the listener over. */
  | { readonly type: 'taken-over' }
  /**
   * Last item: there is nothing more for this listener, ever. As the first item it is answered by 204, which ends an
   * EventSource for good; later it ends the response, and the client learns of it when it comes back.
   */
  | { readonly type: 'stopped' };
