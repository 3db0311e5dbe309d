import type { CommandArgument } from '@redlane/resp3-core';
import { word } from '../blocking-timeout.js';
import { streamsAt } from './streams-at.js';

/** Where the keys of a command stand. */
type Finder = (args: readonly CommandArgument[]) => readonly CommandArgument[];

const none: Finder = () => [];
/** From the first argument on, every `step`-th one; without the last `less`. */
const all =
  (step = 1, less = 0): Finder =>
  (args) =>
    args.slice(1, args.length - less).filter((_, at) => at % step === 0);
const at =
  (...places: readonly number[]): Finder =>
  (args) =>
    places.flatMap((place) => args.slice(place, place + 1));
const fromSecond: Finder = (args) => args.slice(2);
/** Their number stands at `place`, and they follow; `before` it there are more. */
const counted =
  (place: number, ...before: readonly number[]): Finder =>
  (args) => [...at(...before)(args), ...args.slice(place + 1, place + 1 + Number(text(args[place])))];
/** The first argument, and what follows one of the words. */
const after =
  (...words: readonly string[]): Finder =>
  (args) => [
    ...args.slice(1, 2),
    ...args.filter((_, place) => place > 2 && words.includes(word(args[place - 1]))),
  ];
const streams: Finder = (args) => {
  const read = streamsAt(args);
  return read === undefined ? [] : args.slice(read.names, read.ids);
};

/** Commands whose keys stand elsewhere than in the first argument alone. */
const table: ReadonlyMap<string, Finder> = new Map(
  (
    [
      [
        none,
        `ACL ASKING AUTH BGREWRITEAOF BGSAVE CLIENT CLUSTER COMMAND CONFIG DBSIZE DISCARD ECHO EXEC FAILOVER FLUSHALL
        FLUSHDB FUNCTION HELLO INFO KEYS LASTSAVE LATENCY LOLWUT MODULE MULTI PING PSUBSCRIBE PUBLISH PUBSUB PUNSUBSCRIBE
        RANDOMKEY READONLY READWRITE REPLICAOF RESET ROLE SAVE SCAN SCRIPT SELECT SHUTDOWN SLAVEOF SLOWLOG SUBSCRIBE SWAPDB
        TIME UNSUBSCRIBE UNWATCH WAIT WAITAOF`,
      ],
      [
        all(),
        'DEL EXISTS MGET PFCOUNT PFMERGE SDIFF SDIFFSTORE SINTER SINTERSTORE SUNION SUNIONSTORE TOUCH UNLINK WATCH',
      ],
      [all(2), 'MSET MSETNX'],
      [all(1, 1), 'BLPOP BRPOP BZPOPMAX BZPOPMIN JSON.MGET'],
      [
        at(1, 2),
        'BLMOVE BRPOPLPUSH COPY GEOSEARCHSTORE LCS LMOVE RENAME RENAMENX RPOPLPUSH SMOVE ZRANGESTORE',
      ],
      [at(2), 'DEBUG MEMORY OBJECT XGROUP XINFO'],
      [at(3), 'MIGRATE'],
      [fromSecond, 'BITOP'],
      [counted(1), 'LMPOP SINTERCARD ZDIFF ZINTER ZINTERCARD ZMPOP ZUNION'],
      [counted(2), 'BLMPOP BZMPOP EVAL EVALSHA EVALSHA_RO EVAL_RO FCALL FCALL_RO'],
      [counted(2, 1), 'ZDIFFSTORE ZINTERSTORE ZUNIONSTORE'],
      [after('STORE'), 'SORT'],
      [after('STORE', 'STOREDIST'), 'GEORADIUS GEORADIUSBYMEMBER'],
      [streams, 'XREAD XREADGROUP'],
    ] as const
  ).flatMap(([finder, names]) => names.split(/\s+/).map((name) => [name, finder] as const)),
);

/**
 * The keys of a command. One that is not known here has its first argument for a key, as most have: were that wrong, the
 * node that gets it would still say where it belongs.
 */
export function keysOf(command: readonly CommandArgument[]): readonly CommandArgument[] {
  return (table.get(word(command[0])) ?? at(1))(command);
}

function text(argument: CommandArgument | undefined): string {
  return typeof argument === 'object' ? Buffer.from(argument).toString('latin1') : String(argument ?? '');
}
