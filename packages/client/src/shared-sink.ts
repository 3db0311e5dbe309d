import type { CommandSink } from './caller.js';
import type { Command } from './command.js';
import type { TracedServer } from './diagnostics.js';
import type { Engine } from './engine.js';

/** The client's own way: over the shared connection; for what may wait at the server, over one from the pool. */
export class SharedSink implements CommandSink {
  readonly place: { readonly exclusive: boolean; readonly transaction: boolean } = {
    exclusive: false,
    transaction: false,
  };
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  get server(): TracedServer {
    return this.#engine.server;
  }

  now(): number {
    return this.#engine.clock.now();
  }

  submit(command: Command): void {
    this.#engine.submit(command);
  }

  block(command: Command): void {
    command.blocking = true;
    this.#engine.submit(command);
  }

  settled(command: Command): void {
    this.#engine.settled(command);
  }
}
