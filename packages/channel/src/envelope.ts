import { DecodeError, type Encoded } from '@redlane/client/codec';
import type { HandlerFailure } from './errors.js';

/** What stands on the envelope of a message. */
export interface Header {
  /** When it was sent, in ms since 1970 by the server's clock. */
  readonly at: number;
  /** It is of no use any more so long after that, in ms. */
  readonly ttl?: number | undefined;
  /** A request: its id, and who waits for the reply. */
  readonly id?: string | undefined;
  readonly from?: string | undefined;
  /** A reply: the id of the request. */
  readonly re?: string | undefined;
  /** A reply that says why there is none. */
  readonly error?: HandlerFailure | undefined;
}

export interface Enveloped {
  /** `undefined`: it came without an envelope. */
  readonly header: Header | undefined;
  readonly payload: Encoded;
}

/** No JSON text begins so. */
const MARK = 'redlane/1 ';
const NEWLINE = 0x0a;
const MARK_BYTES = Buffer.from(MARK);

/** `redlane/1 {"at":…}`, a newline, and the payload as it is. */
export function seal(header: Header, payload: Encoded): Encoded {
  const line = `${MARK}${JSON.stringify(header)}\n`;
  return typeof payload === 'string' ? line + payload : Buffer.concat([Buffer.from(line), payload]);
}

/** @throws DecodeError for an envelope that is not one of ours */
export function unseal(raw: Encoded): Enveloped {
  if (!isSealed(raw)) return { header: undefined, payload: raw };
  const end = typeof raw === 'string' ? raw.indexOf('\n') : raw.indexOf(NEWLINE);
  if (end < 0) throw new DecodeError(raw, 'its envelope does not end');
  const line = typeof raw === 'string' ? raw.slice(0, end) : Buffer.from(raw.subarray(0, end)).toString();
  const payload = typeof raw === 'string' ? raw.slice(end + 1) : raw.subarray(end + 1);
  return { header: readHeader(raw, line.slice(MARK.length)), payload };
}

export function isSealed(raw: Encoded): boolean {
  if (typeof raw === 'string') return raw.startsWith(MARK);
  for (let i = 0; i < MARK_BYTES.length; i++) if (raw[i] !== MARK_BYTES[i]) return false;
  return true;
}

function readHeader(raw: Encoded, text: string): Header {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DecodeError(raw, 'what stands on its envelope is no JSON', { cause });
  }
  if (isHeader(value)) return value;
  throw new DecodeError(raw, 'what stands on its envelope makes no sense');
}

function isHeader(value: unknown): value is Header {
  if (typeof value !== 'object' || value === null) return false;
  const { at, ttl, id, from, re, error } = value as Partial<Record<keyof Header, unknown>>;
  return (
    typeof at === 'number' &&
    (ttl === undefined || typeof ttl === 'number') &&
    [id, from, re].every((word) => word === undefined || typeof word === 'string') &&
    (error === undefined || isFailure(error))
  );
}

function isFailure(value: unknown): value is HandlerFailure {
  if (typeof value !== 'object' || value === null) return false;
  const { name, message, code } = value as Partial<Record<keyof HandlerFailure, unknown>>;
  return (
    typeof name === 'string' &&
    typeof message === 'string' &&
    (code === undefined || typeof code === 'string')
  );
}
