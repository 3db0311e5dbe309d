import type { Connection } from '../connection.js';
import type { ServerAddress } from './server-address.js';

/**
 * Opens one connection to an address, until the signal is aborted. `check` is called once it has been greeted; when it
 * rejects, the connection is closed and the dial has failed.
 */
export type Dial = (
  at: ServerAddress,
  signal: AbortSignal,
  check?: (connection: Connection) => Promise<void>,
) => Promise<Connection>;

/** The server is known to be at this address by now, and nowhere else. */
export type MovedListener = (to: string, cause: Error) => void;

/** Finds the server anew for every connection. */
export interface Locator {
  /** What it finds, for messages. */
  readonly target: string;
  /** Resolves with the first connection that comes up. @throws ConnectError with all that was tried as its cause */
  open(dial: Dial, signal: AbortSignal): Promise<Connection>;
  /** Asks to be told at once when the server has moved, as far as that can be known. Returns what ends it. */
  watch?(listener: MovedListener): () => void;
}
