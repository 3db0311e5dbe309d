import type { CommandArgument, RespValue } from '@redlane/resp3-core';
import { count, flags, plainText } from './reply-shapes.js';
import type { Run } from './run.js';

/**
 * Scripts, functions and PUBLISH. What a script returns is given as it comes.
 *
 * `client.run(script, …)` and a driver's `run` send a script's text only where it is not known yet.
 */
export interface ScriptCommands {
  eval<T = RespValue>(
    script: string,
    keys?: readonly CommandArgument[],
    args?: readonly CommandArgument[],
  ): Promise<T>;
  evalsha<T = RespValue>(
    sha: string,
    keys?: readonly CommandArgument[],
    args?: readonly CommandArgument[],
  ): Promise<T>;
  fcall<T = RespValue>(
    name: string,
    keys?: readonly CommandArgument[],
    args?: readonly CommandArgument[],
  ): Promise<T>;
  /** @returns its SHA-1 */
  scriptLoad(script: string): Promise<string>;
  scriptExists(...shas: string[]): Promise<boolean[]>;
  /** @returns how many clients got it, of those connected to the same node */
  publish(channel: CommandArgument, message: CommandArgument): Promise<number>;
  /** @returns how many clients got it */
  spublish(shardChannel: CommandArgument, message: CommandArgument): Promise<number>;
}

export function scriptCommands(run: Run): ScriptCommands {
  const script =
    (name: string) =>
    <T>(
      what: string,
      keys: readonly CommandArgument[] = [],
      args: readonly CommandArgument[] = [],
    ): Promise<T> =>
      run([name, what, keys.length, ...keys, ...args], (reply) => reply as T);
  return {
    eval: script('EVAL'),
    evalsha: script('EVALSHA'),
    fcall: script('FCALL'),
    scriptLoad: (source) => run(['SCRIPT', 'LOAD', source], plainText),
    scriptExists: (...shas) => run(['SCRIPT', 'EXISTS', ...shas], flags),
    publish: (channel, message) => run(['PUBLISH', channel, message], count),
    spublish: (shardChannel, message) => run(['SPUBLISH', shardChannel, message], count),
  };
}
