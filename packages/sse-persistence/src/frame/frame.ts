import { FrameError } from './frame-error.js';

/** The fields of one event of a `text/event-stream`. What is `undefined` is not written. */
export interface Frame {
  /** What the client sends back as `Last-Event-ID`; the empty string makes it forget. Without CR, LF and NUL. */
  readonly id?: string | undefined;
  /** The event's type; clients take an absent or empty one for `message`. Without CR, LF and NUL. */
  readonly event?: string | undefined;
  /** May have any number of lines. CRLF, CR and LF all arrive as LF. Without data, clients dispatch no event. */
  readonly data?: string | undefined;
  /** How long the client waits before it reconnects, in whole ms. */
  readonly retry?: number | undefined;
  /** Clients ignore it. May have any number of lines. */
  readonly comment?: string | undefined;
}

const LINE_END = /\r\n|\r|\n/;
const FORBIDDEN = /[\r\n\0]/;

/**
 * Writes one frame of a `text/event-stream`, with the empty line that ends it. No input can end the frame early or begin
 * another field: lines of `data` and `comment` are split as clients split them, and `id` and `event` must be single lines.
 *
 * @throws FrameError (`INVALID_ID`, `INVALID_EVENT`, `INVALID_DATA`, `INVALID_RETRY`, `INVALID_COMMENT`)
 *
 * @example
 * frame({ id: '7', event: 'score', data: '2\n1' }); // 'event: score\nid: 7\ndata: 2\ndata: 1\n\n'
 */
export function frame({ id, event, data, retry, comment }: Frame): string {
  let text = '';
  if (comment !== undefined) text += linesOf('', textOf(comment, 'comment', 'INVALID_COMMENT'));
  if (event !== undefined) text += line('event', oneLine(event, 'event', 'INVALID_EVENT'));
  if (id !== undefined) text += line('id', oneLine(id, 'id', 'INVALID_ID'));
  if (retry !== undefined) text += line('retry', wholeNumber(retry));
  if (data !== undefined) text += linesOf('data', textOf(data, 'data', 'INVALID_DATA'));
  return `${text}\n`;
}

/** {@link frame} in UTF-8. */
export function frameBytes(fields: Frame): Uint8Array {
  return new TextEncoder().encode(frame(fields));
}

/** Clients remove one space behind the colon, so that one is always there, unless there is nothing behind it. */
function line(field: string, value: string): string {
  return value === '' ? `${field}:\n` : `${field}: ${value}\n`;
}

function linesOf(field: string, value: string): string {
  if (!LINE_END.test(value)) return line(field, value);
  let text = '';
  for (const part of value.split(LINE_END)) text += line(field, part);
  return text;
}

function textOf(value: unknown, field: string, code: FrameError['code']): string {
  if (typeof value === 'string') return value;
  throw new FrameError(
    code,
    `${field} must be a string, got ${value === null ? 'null' : typeof value}: encode it, with JSON.stringify for example`,
  );
}

function oneLine(value: unknown, field: string, code: FrameError['code']): string {
  const text = textOf(value, field, code);
  const found = FORBIDDEN.exec(text);
  if (found === null) return text;
  const name = { '\r': 'CR', '\n': 'LF' }[found[0]] ?? 'NUL';
  throw new FrameError(
    code,
    `${field} must be without CR, LF and NUL, got ${name} at ${found.index}: it would end the line, and what follows would be read as fields of their own`,
  );
}

function wholeNumber(value: unknown): string {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return String(value);
  const shown = typeof value === 'number' ? String(value) : typeof value;
  throw new FrameError('INVALID_RETRY', `retry must be a whole number of ms from 0 on, got ${shown}`);
}
