import { InvalidOptionError } from '../errors.js';
import type { ConnectionRecorder, ConnectionTap, TappedConnection } from './connection-tap.js';

/** A connection of the client, where a tap can be put on. */
export interface TappableConnection extends TappedConnection {
  tap: ConnectionTap | undefined;
}

/** The place for a client's recorder: knows the connections that are open, and taps those that come. */
export class RecordingSlot {
  readonly #connections: Set<TappableConnection> = new Set();
  #recorder: ConnectionRecorder | undefined;

  constructor(recorder: ConnectionRecorder | undefined) {
    this.#recorder = recorder;
  }

  opened(connection: TappableConnection): void {
    this.#connections.add(connection);
    connection.tap = this.#recorder?.tap(connection);
  }

  closed(connection: TappableConnection): void {
    this.#connections.delete(connection);
  }

  /**
   * Records from now on, until the disposable is disposed.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) when there is a recorder already
   */
  attach(recorder: ConnectionRecorder): Disposable {
    if (this.#recorder !== undefined) {
      throw new InvalidOptionError('recorder', 'is there already: detach it before another is attached');
    }
    this.#recorder = recorder;
    for (const connection of this.#connections) connection.tap = recorder.tap(connection);
    return { [Symbol.dispose]: () => this.#detach(recorder) };
  }

  #detach(recorder: ConnectionRecorder): void {
    if (this.#recorder !== recorder) return;
    this.#recorder = undefined;
    for (const connection of this.#connections) {
      connection.tap?.ended();
      connection.tap = undefined;
    }
  }
}
