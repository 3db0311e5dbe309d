import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Limits, type ReplyMode, Resp3Reader, type RespNode } from '@redlane/resp3-core';
import { RecordingError } from './recording-error.js';
import { type EndReason, type RecordingHeader, type RecordLine, VERSION } from './recording-format.js';

interface Moment {
  /** Line in the recording, counted from 1. */
  readonly line: number;
  /** In ms since 1970, with fractions. */
  readonly atMs: number;
}

interface OnConnection extends Moment {
  /** Number of the connection within the recording. */
  readonly connection: number;
}

/** One record, decoded. */
export type RecordedEvent =
  | (OnConnection & {
      readonly kind: 'open';
      readonly address: string;
      /** How many of the replies that follow belong to commands before the recording. */
      readonly earlier: number;
    })
  | (OnConnection & { readonly kind: 'command'; readonly args: readonly (string | Uint8Array)[] })
  | (OnConnection & { readonly kind: 'reply' | 'push'; readonly node: RespNode })
  /** The replies of this connection are not in the recording from here on. */
  | (OnConnection & { readonly kind: 'unreadable'; readonly why: string })
  | (OnConnection & { readonly kind: 'close'; readonly why: string })
  /** The last one. `cut`: the process ended before the recording was closed. */
  | (Moment & { readonly kind: 'end'; readonly reason: EndReason | 'cut' });

export interface ReadOptions {
  /** Strings as text or as bytes. @default 'string' */
  readonly replies?: ReplyMode | undefined;
  /** Bounds of a reply. @default `defaultLimits` of resp3-core */
  readonly limits?: Partial<Limits> | undefined;
}

/**
 * The records of a recording, in order.
 *
 * @throws RecordingError (`INVALID_RECORDING`) for what is none, or is damaged; the error of the file or stream
 * @example
 * for await (const event of readRecording('redis.recording')) {
 *   if (event.kind === 'command') console.log(event.atMs, ...event.args);
 * }
 */
export async function* readRecording(
  source: string | Readable,
  { replies = 'string', limits = {} }: ReadOptions = {},
): AsyncGenerator<RecordedEvent, void, undefined> {
  const reader = new Resp3Reader<true>({ typed: true, replies, limits });
  let line = 0;
  let startMs = 0;
  let atMs = 0;
  let ended = false;
  /** The last line may have been cut in the middle; no other may. */
  let damage: RecordingError | undefined;
  for await (const text of linesOf(source)) {
    line++;
    if (damage !== undefined) throw damage;
    if (line === 1) {
      startMs = startOf(text);
      atMs = startMs;
      continue;
    }
    let event: RecordedEvent;
    try {
      event = eventOf(text, line, startMs, reader);
    } catch (error) {
      damage = error as RecordingError;
      continue;
    }
    atMs = event.atMs;
    ended = event.kind === 'end';
    yield event;
  }
  if (line === 0) throw new RecordingError(1, 'is missing: the file is empty');
  if (!ended) yield { kind: 'end', line: line + 1, atMs, reason: 'cut' };
}

async function* linesOf(source: string | Readable): AsyncGenerator<string, void, undefined> {
  const input = typeof source === 'string' ? createReadStream(source) : source;
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  // readline passes no errors of its input on.
  let failure: Error | undefined;
  input.once('error', (error: Error) => {
    failure = error;
    lines.close();
  });
  try {
    yield* lines;
    if (failure !== undefined) throw failure;
  } finally {
    lines.close();
    if (typeof source === 'string') input.destroy();
  }
}

function startOf(text: string): number {
  let header: Partial<RecordingHeader> | null | undefined;
  try {
    header = JSON.parse(text) as Partial<RecordingHeader> | null;
  } catch {
    // Said below.
  }
  if (header?.format !== 'redlane-recording') throw new RecordingError(1, 'is not that of a recording');
  if (header.version !== VERSION) {
    throw new RecordingError(1, `says version ${String(header.version)}; this reader knows ${VERSION}`);
  }
  const start = Date.parse(String(header.startedAt));
  if (Number.isNaN(start)) throw new RecordingError(1, 'has no startedAt that is a time');
  return start;
}

function eventOf(text: string, line: number, startMs: number, reader: Resp3Reader<true>): RecordedEvent {
  let record: RecordLine;
  try {
    record = JSON.parse(text) as RecordLine;
  } catch (error) {
    throw new RecordingError(line, 'is not JSON', error);
  }
  const at = { line, atMs: startMs + record.t };
  if (record.k === 'end') return { ...at, kind: 'end', reason: record.reason };
  const on = { ...at, connection: record.c };
  switch (record.k) {
    case 'open':
      return { ...on, kind: 'open', address: record.at, earlier: record.earlier };
    case 'command':
      return { ...on, kind: 'command', args: argumentsOf(nodeOf(record.resp, line, reader), line) };
    case 'reply':
    case 'push':
      return { ...on, kind: record.k, node: nodeOf(record.resp, line, reader) };
    case 'unreadable':
    case 'close':
      return { ...on, kind: record.k, why: record.why };
    default:
      throw new RecordingError(line, 'has a kind that is unknown');
  }
}

/** The one object that a record holds. */
function nodeOf(resp: string, line: number, reader: Resp3Reader<true>): RespNode {
  try {
    reader.feed(Buffer.from(resp, 'base64'));
    const node = reader.getObject();
    const next = reader.getObject();
    if (node !== Resp3Reader.sentinel && next === Resp3Reader.sentinel && !reader.pending) return node;
  } catch (error) {
    reader.reset();
    throw new RecordingError(line, 'holds no RESP', error);
  }
  reader.reset();
  throw new RecordingError(line, 'does not hold exactly one object');
}

function argumentsOf(node: RespNode, line: number): (string | Uint8Array)[] {
  if (node.type !== '*' || node.value === null || node.value.length === 0) {
    throw new RecordingError(line, 'holds no command');
  }
  return node.value.map((each) => {
    if (each.type !== '$' || each.value === null) throw new RecordingError(line, 'holds no command');
    return each.value;
  });
}
