import type { Caller, Connection } from '@redlane/client';

/** One connection of a line, and the ways to use it. */
export interface OpenLine {
  /** Another object after each reconnect: VLCP's connection mark. */
  readonly connection: Connection;
  /** Over whatever connection the line has by then. */
  readonly caller: Caller;
  /** Over this connection or none. */
  readonly pinned: Caller;
}

/** How long to wait for a connection. */
export interface LineWait {
  readonly signal: AbortSignal | undefined;
  /** In ms; `Infinity`: for ever. */
  readonly timeoutMs: number;
}

/** What VLCP calls a connection: it comes back after a loss, as another connection. */
export interface Line {
  /** `undefined` while there is no connection that works. */
  readonly current: OpenLine | undefined;
  /** Nobody else uses it. */
  readonly exclusive: boolean;
  /** Aborted when it is given back or shut down: commands that wait at the server end. */
  readonly ending: AbortSignal;
  /** Waits for a connection. */
  open(wait: LineWait): Promise<OpenLine>;
  /** Gives the connection back to where it came from. More than once does no harm. */
  release(): Promise<void>;
  /** Closes the connection: after the replies that it owes, or now. */
  close(force: boolean): Promise<void>;
}
