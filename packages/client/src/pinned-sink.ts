import type { Command } from './command.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import { SharedSink } from './shared-sink.js';

/** The client's own way, for commands that must not go to another shared connection than this one. */
export class PinnedSink extends SharedSink {
  readonly #connection: Connection;

  constructor(engine: Engine, connection: Connection) {
    super(engine);
    this.#connection = connection;
  }

  override submit(command: Command): void {
    command.pinnedTo = this.#connection;
    super.submit(command);
  }
}
