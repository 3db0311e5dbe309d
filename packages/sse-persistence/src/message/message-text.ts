import { InvalidMessageFormat } from '../exceptions.js';
import type { AnyMessage, MessageContract } from './message.js';
import { fromFields, toFields } from './message-fields.js';

const VERSION = 1;

/** A message as an element of a queue: JSON, never code. @throws InvalidMessageFormat */
export function encodeMessage(message: MessageContract): string {
  const { e, d, i, s } = toFields(message);
  const kind = i !== undefined ? 'unique' : s !== undefined ? 'signed' : 'message';
  const rest = JSON.stringify({ v: VERSION, kind, type: e, id: i, senderId: s });
  // The payload is JSON already.
  return `${rest.slice(0, -1)},"payload":${d}}`;
}

/** @throws InvalidMessageFormat */
export function decodeMessage(raw: Uint8Array | string): AnyMessage {
  const text = typeof raw === 'string' ? raw : Buffer.from(raw).toString('utf8');
  let element: unknown;
  try {
    element = JSON.parse(text);
  } catch (error) {
    throw new InvalidMessageFormat('the element is no message: it is no JSON', error);
  }
  if (typeof element !== 'object' || element === null || Array.isArray(element)) {
    throw new InvalidMessageFormat('the element is no message: it is no object');
  }
  const { v, type, payload, id, senderId } = element as Readonly<Record<string, unknown>>;
  if (v !== VERSION) {
    throw new InvalidMessageFormat(`the element is no message: its version "v" must be ${VERSION}`);
  }
  for (const [field, value] of Object.entries({ id, senderId })) {
    if (value !== undefined && typeof value !== 'string') {
      throw new InvalidMessageFormat(`the element is no message: its ${field} is no string`);
    }
  }
  const { i, s } = { i: id as string | undefined, s: senderId as string | undefined };
  return fromFields({ e: type as string, d: JSON.stringify(payload), i, s });
}
