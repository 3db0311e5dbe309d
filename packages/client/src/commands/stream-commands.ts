import type { CommandArgument } from '@redlane/resp3-core';
import { InvalidOptionError } from '../errors.js';
import { checkOptions, type OptionTable, optionWords } from './option-words.js';
import { count, flag, ok, pairs, plainText, plainTextOrNothing, textMap } from './reply-shapes.js';
import { entriesOf, type Pairs, type ReplyText, type Run } from './run.js';

/** An entry of a stream. Of a field that it has twice, the last value; `call('XRANGE', …)` gives all. */
export interface StreamEntry<Text extends ReplyText = string> {
  readonly id: string;
  readonly fields: Map<Text, Text>;
}

/** An entry that was delivered to a group before; without `fields` when it has been deleted since. */
export interface GroupEntry<Text extends ReplyText = string> {
  readonly id: string;
  readonly fields: Map<Text, Text> | undefined;
}

export interface TrimOptions {
  /** Keep so many entries. Excludes `minId`. */
  readonly maxLen?: number | undefined;
  /** Keep the entries from this id on. */
  readonly minId?: string | undefined;
  /** Keep a few more where that is cheaper (`~`). @default false */
  readonly approximate?: boolean | undefined;
  /** With `approximate`: remove at most so many. */
  readonly limit?: number | undefined;
}

export interface XAddOptions extends TrimOptions {
  /** Add nothing when there is no such stream. */
  readonly noMkStream?: boolean | undefined;
}

export interface XReadOptions {
  /** At most so many entries of each stream. */
  readonly count?: number | undefined;
  /** Wait for entries, at most so many milliseconds; 0 waits for ever. */
  readonly block?: number | undefined;
}

export interface XReadGroupOptions extends XReadOptions {
  /** Entries need no XACK. */
  readonly noAck?: boolean | undefined;
}

export interface XGroupCreateOptions {
  /** Make the stream when there is none. */
  readonly mkStream?: boolean | undefined;
  /** How many entries before `id` are taken to have been read, for the lag that XINFO shows. */
  readonly entriesRead?: number | undefined;
}

/** What XAUTOCLAIM has taken over; `cursor` is where to go on, `'0-0'` at the end. */
export interface Claimed<Text extends ReplyText = string> {
  readonly cursor: string;
  readonly entries: GroupEntry<Text>[];
  /** Ids of entries that are no longer in the stream; none from servers before Redis 7. */
  readonly deleted: string[];
}

const READ: OptionTable<XReadOptions> = { count: 'COUNT', block: 'BLOCK' };
const READ_GROUP: OptionTable<XReadGroupOptions> = { ...READ, noAck: 'NOACK' };
const GROUP_CREATE: OptionTable<XGroupCreateOptions> = { mkStream: 'MKSTREAM', entriesRead: 'ENTRIESREAD' };
const TRIM: readonly (keyof XAddOptions)[] = ['maxLen', 'minId', 'approximate', 'limit'];
const COUNT: OptionTable<{ readonly count?: number | undefined }> = { count: 'COUNT' };

/** Streams. */
export interface StreamCommands<Text extends ReplyText> {
  /** @returns the new entry's id; `undefined` when there is no such stream and `noMkStream` was given */
  xadd(
    key: CommandArgument,
    id: CommandArgument,
    fields: Pairs,
    options?: XAddOptions,
  ): Promise<string | undefined>;
  xlen(key: CommandArgument): Promise<number>;
  xrange(
    key: CommandArgument,
    start: CommandArgument,
    end: CommandArgument,
    options?: { readonly count?: number | undefined },
  ): Promise<StreamEntry<Text>[]>;
  xrevrange(
    key: CommandArgument,
    end: CommandArgument,
    start: CommandArgument,
    options?: { readonly count?: number | undefined },
  ): Promise<StreamEntry<Text>[]>;
  /**
   * Entries after the ids, by stream: `xread({ log: '0' })`.
   *
   * @returns the streams that have some; an empty map when none has
   */
  xread(streams: Pairs, options?: XReadOptions): Promise<Map<string, StreamEntry<Text>[]>>;
  /** New entries with the id `>`, else those delivered to this consumer before. */
  xreadgroup(
    group: CommandArgument,
    consumer: CommandArgument,
    streams: Pairs,
    options?: XReadGroupOptions,
  ): Promise<Map<string, GroupEntry<Text>[]>>;
  /** @returns how many were pending */
  xack(key: CommandArgument, group: CommandArgument, ...ids: CommandArgument[]): Promise<number>;
  /** Takes over what others have left pending for `minIdleMs`. */
  xautoclaim(
    key: CommandArgument,
    group: CommandArgument,
    consumer: CommandArgument,
    minIdleMs: number,
    start: CommandArgument,
    options?: { readonly count?: number | undefined },
  ): Promise<Claimed<Text>>;
  /** @returns how many there were */
  xdel(key: CommandArgument, ...ids: CommandArgument[]): Promise<number>;
  /** @returns how many were removed */
  xtrim(key: CommandArgument, options: TrimOptions): Promise<number>;
  xgroupCreate(
    key: CommandArgument,
    group: CommandArgument,
    id: CommandArgument,
    options?: XGroupCreateOptions,
  ): Promise<'OK'>;
  /** @returns whether there was one */
  xgroupDestroy(key: CommandArgument, group: CommandArgument): Promise<boolean>;
}

export function streamCommands<Text extends ReplyText>(run: Run): StreamCommands<Text> {
  return {
    xadd: async (key, id, fields, options = {}) => {
      checkOptions('XADD', options, [...TRIM, 'noMkStream']);
      const { noMkStream = false, ...trim } = options;
      const words = [...(noMkStream ? ['NOMKSTREAM'] : []), ...trimWords(trim)];
      return run(['XADD', key, ...words, id, ...entriesOf(fields).flat()], plainTextOrNothing);
    },
    xlen: (key) => run(['XLEN', key], count),
    xrange: async (key, start, end, options = {}) =>
      run(['XRANGE', key, start, end, ...optionWords('XRANGE', options, COUNT)], entries<Text>),
    xrevrange: async (key, end, start, options = {}) =>
      run(['XREVRANGE', key, end, start, ...optionWords('XREVRANGE', options, COUNT)], entries<Text>),
    xread: async (streams, options = {}) =>
      run(
        ['XREAD', ...optionWords('XREAD', options, READ), 'STREAMS', ...keysThenIds(streams)],
        byStream(entries<Text>),
      ),
    xreadgroup: async (group, consumer, streams, options = {}) => {
      const words = optionWords('XREADGROUP', options, READ_GROUP);
      return run(
        ['XREADGROUP', 'GROUP', group, consumer, ...words, 'STREAMS', ...keysThenIds(streams)],
        byStream(groupEntries<Text>),
      );
    },
    xack: (key, group, ...ids) => run(['XACK', key, group, ...ids], count),
    xautoclaim: async (key, group, consumer, minIdleMs, start, options = {}) => {
      const words = optionWords('XAUTOCLAIM', options, COUNT);
      return run(['XAUTOCLAIM', key, group, consumer, minIdleMs, start, ...words], claimed<Text>);
    },
    xdel: (key, ...ids) => run(['XDEL', key, ...ids], count),
    xtrim: async (key, options) => {
      checkOptions('XTRIM', options, TRIM);
      return run(['XTRIM', key, ...trimWords(options)], count);
    },
    xgroupCreate: async (key, group, id, options = {}) =>
      run(['XGROUP', 'CREATE', key, group, id, ...optionWords('XGROUP CREATE', options, GROUP_CREATE)], ok),
    xgroupDestroy: (key, group) => run(['XGROUP', 'DESTROY', key, group], flag),
  };
}

/** The one place where options are more than words: `MAXLEN ~ 1000 LIMIT 100`. */
function trimWords({ maxLen, minId, approximate = false, limit }: TrimOptions): CommandArgument[] {
  if (maxLen !== undefined && minId !== undefined) {
    throw new InvalidOptionError('minId', 'excludes maxLen: trim by the one or by the other');
  }
  const threshold = maxLen ?? minId;
  if (threshold === undefined) {
    if (!approximate && limit === undefined) return [];
    throw new InvalidOptionError(approximate ? 'approximate' : 'limit', 'needs maxLen or minId');
  }
  return [
    maxLen === undefined ? 'MINID' : 'MAXLEN',
    approximate ? '~' : '=',
    threshold,
    ...(limit === undefined ? [] : ['LIMIT', limit]),
  ];
}

function keysThenIds(streams: Pairs): CommandArgument[] {
  const all = entriesOf(streams);
  return [...all.map(([key]) => key), ...all.map(([, id]) => id)];
}

function groupEntries<Text extends ReplyText>(reply: unknown): GroupEntry<Text>[] {
  return (reply as [unknown, unknown][])
    .filter((entry) => entry !== null)
    .map(([id, fields]) => ({
      id: plainText(id),
      fields: fields === null ? undefined : textMap<Text>(fields),
    }));
}

function entries<Text extends ReplyText>(reply: unknown): StreamEntry<Text>[] {
  return groupEntries<Text>(reply) as StreamEntry<Text>[];
}

function byStream<Entry>(read: (reply: unknown) => Entry[]): (reply: unknown) => Map<string, Entry[]> {
  return (reply) => new Map(pairs(reply).map(([key, found]) => [plainText(key), read(found)]));
}

function claimed<Text extends ReplyText>(reply: unknown): Claimed<Text> {
  const [cursor, found, deleted = []] = reply as [unknown, unknown, unknown[]?];
  return { cursor: plainText(cursor), entries: groupEntries<Text>(found), deleted: deleted.map(plainText) };
}
