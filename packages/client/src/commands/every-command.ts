import type { CommandArgument, RespValue } from '@redlane/resp3-core';
import { COMMAND_WORDS } from './command-words.js';
import type { Run } from './run.js';

/** A command that is not typed by hand: arguments in the server's order, and the reply as it comes. */
export type AnyCommand = <T = RespValue>(...args: CommandArgument[]) => Promise<T>;

/** Has a method for every command, made at its first use. */
export class EveryCommand {
  readonly #run: Run;

  constructor(run: Run) {
    this.#run = run;
  }

  static {
    for (const [name, command] of Object.entries(COMMAND_WORDS)) {
      const words = command.split(' ');
      Object.defineProperty(EveryCommand.prototype, name, {
        configurable: true,
        get(this: EveryCommand): AnyCommand {
          const run = this.#run;
          const value = <T>(...args: CommandArgument[]): Promise<T> =>
            run([...words, ...args], (reply) => reply as T);
          Object.defineProperty(this, name, { value });
          return value;
        },
      });
    }
  }
}
