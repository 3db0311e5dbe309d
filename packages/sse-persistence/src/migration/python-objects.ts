import { InvalidMessageFormat } from '../exceptions.js';
import { type AnyMessage, Message, SignedMessage, UniqueMessage } from '../message/message.js';
import { decodePickle, PickledObject } from './pickle.js';
import { PickleError } from './pickle-error.js';

const MESSAGE = 'eric_sse.message.Message';
const SIGNED = 'eric_sse.message.SignedMessage';
const UNIQUE = 'eric_sse.message.UniqueMessage';
const LISTENERS: ReadonlySet<string> = new Set([
  'eric_sse.persistence.PersistableListener',
  'eric_sse.listener.MessageQueueListener',
]);
const MESSAGES: ReadonlySet<string> = new Set([MESSAGE, SIGNED, UNIQUE]);

/** A listener as Python has stored it. */
export interface PythonListener {
  readonly id: string;
  readonly isRunning: boolean;
}

/** Reads the value of a key `eric-redis-queues:l:…`. @throws PickleError */
export function readPythonListener(bytes: Uint8Array): PythonListener {
  const value = decodePickle(bytes, { classes: LISTENERS });
  if (!(value instanceof PickledObject)) throw refused('listener');
  const { id, _MessageQueueListener__is_running: isRunning = false } = value.state;
  if (typeof id !== 'string' || typeof isRunning !== 'boolean') throw refused('listener');
  return { id, isRunning };
}

/** Reads an element of a list `eric-redis-queues:q:…`. @throws PickleError, InvalidMessageFormat */
export function readPythonMessage(bytes: Uint8Array): AnyMessage {
  return messageOf(decodePickle(bytes, { classes: MESSAGES }), 0);
}

function messageOf(value: unknown, depth: number): AnyMessage {
  if (!(value instanceof PickledObject) || depth > 1) throw refused('message');
  const { state } = value;
  if (value.className === UNIQUE) {
    const {
      _UniqueMessage__id: id,
      _UniqueMessage__message: inner,
      _UniqueMessage__sender_id: sender,
    } = state;
    if (typeof id !== 'string' || (sender !== null && sender !== undefined && typeof sender !== 'string')) {
      throw refused('message');
    }
    return new UniqueMessage(id, messageOf(inner, depth + 1), sender ?? undefined);
  }
  const { _type: type, _payload: payload = null, _SignedMessage__sender_id: sender } = state;
  if (typeof type !== 'string') throw refused('message');
  if (value.className === MESSAGE) return new Message(type, plain(payload));
  if (typeof sender !== 'string') throw refused('message');
  return new SignedMessage(sender, type, plain(payload));
}

/** What JSON can say: objects for dicts. */
function plain(value: unknown): unknown {
  if (value instanceof Map) {
    return Object.fromEntries(Array.from(value as Map<string, unknown>, ([key, part]) => [key, plain(part)]));
  }
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof PickledObject || value instanceof Uint8Array || typeof value === 'bigint') {
    throw new InvalidMessageFormat(
      'the payload has something that JSON cannot say: an object, bytes, or a large integer',
    );
  }
  return value;
}

function refused(what: string): PickleError {
  return new PickleError('REFUSED', `the pickle is no ${what} of eric_sse 1.5`);
}
