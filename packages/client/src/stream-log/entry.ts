import { formatPosition } from './position.js';

/** What is written: names and values, bytes or text. */
export type LogData = Readonly<Record<string, string | Uint8Array>>;

/** An entry of a log. All readers in a process that read it live get the same object. */
export interface LogEntry<Raw = Uint8Array> {
  readonly type: 'entry';
  /** The cursor of who has read up to here. */
  readonly position: string;
  /** Counts all entries of the log, whomever they are for: a reader sees some of the numbers, in order. */
  readonly offset: number;
  /** When it was written, in ms since 1970 by the server's clock. */
  readonly at: number;
  readonly data: Readonly<Record<string, Raw>>;
  /** The only one it is for. */
  readonly target?: string | undefined;
  /** The only one it is not for. */
  readonly exclude?: string | undefined;
}

/**
 * Why a cursor cannot be continued from:
 * - `epoch`: the log was lost or removed, and is another one now; or it is no cursor of this log.
 * - `ahead`: the log has never come so far, or has lost its end in a failover.
 * - `trimmed`: entries behind it are not kept any more.
 * - `inbox`: the same, of entries for this target only.
 */
export type ResetReason = 'epoch' | 'ahead' | 'trimmed' | 'inbox';

export type LogEvent<Raw = Uint8Array> =
  /** Where reading begins; what follows is everything behind it. */
  | { readonly type: 'open'; readonly position: string }
  /** Something may be missed: what follows is everything behind the new position. */
  | { readonly type: 'reset'; readonly position: string; readonly reason: ResetReason }
  | LogEntry<Raw>;

/** Bytes of the stored form to what the reader has asked for. */
export type Decode<Raw> = (bytes: Uint8Array) => Raw;

interface Parts {
  readonly epoch: string;
  readonly offset: number;
  readonly at: number;
  readonly target: string;
  readonly exclude: string;
  /** Names and values in turn. */
  readonly fields: readonly Uint8Array[];
}

export function makeEntry<Raw>(
  { epoch, offset, at, target, exclude, fields }: Parts,
  decode: Decode<Raw>,
): LogEntry<Raw> {
  const pairs: [string, Raw][] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    pairs.push([textOf(fields[i] as Uint8Array), decode(fields[i + 1] as Uint8Array)]);
  }
  return {
    type: 'entry',
    position: formatPosition(epoch, offset),
    offset,
    at,
    data: Object.fromEntries(pairs),
    ...(target === '' ? undefined : { target }),
    ...(exclude === '' ? undefined : { exclude }),
  };
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** Whether a reader for this target gets the entry. */
export function isFor(target: string | undefined, entry: LogEntry<unknown>): boolean {
  if (entry.target !== undefined) return entry.target === target;
  return entry.exclude === undefined || entry.exclude !== target;
}
