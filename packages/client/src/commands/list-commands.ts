import type { CommandArgument } from '@redlane/resp3-core';
import { count, countOrNothing, ok, textOrNothing, texts } from './reply-shapes.js';
import type { ReplyText, Run } from './run.js';

export type ListEnd = 'LEFT' | 'RIGHT';

/** Which list a blocking command has taken from, and what. */
export type Popped<Text extends ReplyText = string> = [key: Text, element: Text];

/** Lists. Timeouts are in seconds, as the server wants them; 0 waits for ever. */
export interface ListCommands<Text extends ReplyText> {
  /** @returns the length afterwards */
  lpush(key: CommandArgument, ...elements: CommandArgument[]): Promise<number>;
  /** @returns the length afterwards */
  rpush(key: CommandArgument, ...elements: CommandArgument[]): Promise<number>;
  lpop(key: CommandArgument): Promise<Text | undefined>;
  /** @returns at most `count` elements, none when there is no such list */
  lpop(key: CommandArgument, count: number): Promise<Text[]>;
  rpop(key: CommandArgument): Promise<Text | undefined>;
  /** @returns at most `count` elements, none when there is no such list */
  rpop(key: CommandArgument, count: number): Promise<Text[]>;
  lmove(from: CommandArgument, to: CommandArgument, take: ListEnd, put: ListEnd): Promise<Text | undefined>;
  llen(key: CommandArgument): Promise<number>;
  lindex(key: CommandArgument, index: number): Promise<Text | undefined>;
  lrange(key: CommandArgument, start: number, stop: number): Promise<Text[]>;
  lset(key: CommandArgument, index: number, element: CommandArgument): Promise<'OK'>;
  /** @returns the length afterwards, -1 when there is no such pivot */
  linsert(
    key: CommandArgument,
    where: 'BEFORE' | 'AFTER',
    pivot: CommandArgument,
    element: CommandArgument,
  ): Promise<number>;
  /** @returns how many were removed */
  lrem(key: CommandArgument, count: number, element: CommandArgument): Promise<number>;
  ltrim(key: CommandArgument, start: number, stop: number): Promise<'OK'>;
  /** @returns the index of the first one */
  lpos(key: CommandArgument, element: CommandArgument): Promise<number | undefined>;
  blpop(
    keys: CommandArgument | readonly CommandArgument[],
    timeoutSeconds: number,
  ): Promise<Popped<Text> | undefined>;
  brpop(
    keys: CommandArgument | readonly CommandArgument[],
    timeoutSeconds: number,
  ): Promise<Popped<Text> | undefined>;
  blmove(
    from: CommandArgument,
    to: CommandArgument,
    take: ListEnd,
    put: ListEnd,
    timeoutSeconds: number,
  ): Promise<Text | undefined>;
}

export function listCommands<Text extends ReplyText>(run: Run): ListCommands<Text> {
  const pop = (name: string, key: CommandArgument, atMost?: number): Promise<never> =>
    // One function for both forms: TypeScript has no implementation of overloads by an arrow.
    (atMost === undefined
      ? run([name, key], textOrNothing<Text>)
      : run([name, key, atMost], (reply) => texts<Text>(reply ?? []))) as Promise<never>;
  const blockingPop = (
    name: string,
    keys: CommandArgument | readonly CommandArgument[],
    timeoutSeconds: number,
  ): Promise<Popped<Text> | undefined> =>
    run(
      [
        name,
        ...(Array.isArray(keys) ? (keys as CommandArgument[]) : [keys as CommandArgument]),
        timeoutSeconds,
      ],
      popped<Text>,
    );
  return {
    lpush: (key, ...elements) => run(['LPUSH', key, ...elements], count),
    rpush: (key, ...elements) => run(['RPUSH', key, ...elements], count),
    lpop: (key: CommandArgument, atMost?: number) => pop('LPOP', key, atMost),
    rpop: (key: CommandArgument, atMost?: number) => pop('RPOP', key, atMost),
    lmove: (from, to, take, put) => run(['LMOVE', from, to, take, put], textOrNothing<Text>),
    llen: (key) => run(['LLEN', key], count),
    lindex: (key, index) => run(['LINDEX', key, index], textOrNothing<Text>),
    lrange: (key, start, stop) => run(['LRANGE', key, start, stop], texts<Text>),
    lset: (key, index, element) => run(['LSET', key, index, element], ok),
    linsert: (key, where, pivot, element) => run(['LINSERT', key, where, pivot, element], count),
    lrem: (key, howMany, element) => run(['LREM', key, howMany, element], count),
    ltrim: (key, start, stop) => run(['LTRIM', key, start, stop], ok),
    lpos: (key, element) => run(['LPOS', key, element], countOrNothing),
    blpop: (keys, timeoutSeconds) => blockingPop('BLPOP', keys, timeoutSeconds),
    brpop: (keys, timeoutSeconds) => blockingPop('BRPOP', keys, timeoutSeconds),
    blmove: (from, to, take, put, timeoutSeconds) =>
      run(['BLMOVE', from, to, take, put, timeoutSeconds], textOrNothing<Text>),
  };
}

function popped<Text extends ReplyText>(reply: unknown): Popped<Text> | undefined {
  return reply === null ? undefined : (reply as Popped<Text>);
}
