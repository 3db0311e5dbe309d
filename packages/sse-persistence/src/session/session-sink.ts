import type { EventFrame } from './event-frame.js';

/** The body of one open response. After `end`, `destroy` or `closed` nothing is written any more. */
export interface SessionSink {
  /** Bytes that were written and that the connection has not taken. */
  readonly queuedBytes: number;
  /** `false`: there is no room for more now; `drained` is called once there is. */
  write(frame: EventFrame): boolean;
  /** Ends the body behind what was written. */
  end(): void;
  /** Ends it at once. */
  destroy(): void;
}

/** Whom a sink tells. */
export interface SinkOwner {
  /** There is room again. */
  drained(): void;
  /** The connection is gone, or the response is over. Comes once, and last, also after `end` and `destroy`. */
  closed(): void;
}
