import { json } from '@redlane/client/codec';
import { InvalidMessageFormat } from '../exceptions.js';
import { type AnyMessage, Message, type MessageContract, SignedMessage, UniqueMessage } from './message.js';

/** A message as texts: what an entry of a log holds. */
export interface MessageFields {
  /** Its type. */
  readonly e: string;
  /** Its payload in JSON. */
  readonly d: string;
  /** Its own id. */
  readonly i?: string;
  /** Who has sent it. */
  readonly s?: string;
}

const payloads = json<unknown>();

/** @throws InvalidMessageFormat */
export function toFields(message: MessageContract): MessageFields {
  const { type, payload = null, id, senderId } = message;
  oneLine(type, 'type');
  if (id !== undefined) oneLine(id, 'id');
  if (senderId !== undefined && typeof senderId !== 'string') throw refused('senderId must be a string');
  return {
    e: type,
    d: encodePayload(payload),
    ...(id === undefined ? undefined : { i: id }),
    ...(senderId === undefined ? undefined : { s: senderId }),
  };
}

/** @throws InvalidMessageFormat when it was written by something else */
export function fromFields({ e, d, i, s }: Readonly<Record<string, string | undefined>>): AnyMessage {
  if (e === undefined || d === undefined) throw refused('the entry has no type and payload');
  oneLine(e, 'type');
  let payload: unknown;
  try {
    payload = payloads.decode(d);
  } catch (error) {
    throw refused('its payload is no JSON', error);
  }
  return makeMessage({ type: e, payload, id: i, senderId: s });
}

/** The class that goes with the fields that are there. */
function makeMessage({ type, payload, id, senderId }: MessageContract): AnyMessage {
  if (id !== undefined) return new UniqueMessage(id, { type, payload }, senderId);
  if (senderId !== undefined) return new SignedMessage(senderId, type, payload);
  return new Message(type, payload);
}

function encodePayload(payload: unknown): string {
  try {
    return payloads.encode(payload) as string;
  } catch (error) {
    throw refused('its payload cannot be said in JSON', error);
  }
}

/** They come to stand in lines of an event stream: another line there would be a field of its own. */
function oneLine(value: unknown, field: string): void {
  if (typeof value !== 'string') throw refused(`${field} must be a string, got ${typeof value}`);
  if (/[\r\n\0]/.test(value)) throw refused(`${field} must be without CR, LF and NUL`);
}

function refused(problem: string, cause?: unknown): InvalidMessageFormat {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new InvalidMessageFormat(`the message cannot be used: ${problem}${why}`, cause);
}
