import { ProtocolError, RespDecoder } from '../src/index.js';
import type { EngineOptions } from '../src/options.js';
import { show } from './show.js';

/** What came out of a decoder, and how it ended, in comparable form. */
export interface Outcome {
  readonly events: readonly string[];
  readonly end: string;
}

/** Sizes of chunks, one after the other; the last one is for all the rest. */
export type Cuts = readonly number[];

export const WHOLE: Cuts = [Number.POSITIVE_INFINITY];
export const BYTE_BY_BYTE: Cuts = [1];

export const event = (kind: 'reply' | 'error' | 'push', value: unknown, attributes?: unknown): string =>
  `${kind} ${show(value)}${attributes === undefined ? '' : ` with ${show(attributes)}`}`;

/** A fresh decoder that writes down what it gives. */
export function recorder(options?: EngineOptions): { decoder: RespDecoder; events: string[] } {
  const events: string[] = [];
  const decoder = new RespDecoder(
    {
      onReply: (value, attributes) => events.push(event('reply', value, attributes)),
      onErrorReply: (error, attributes) => events.push(event('error', error, attributes)),
      onPush: (push, attributes) => events.push(event('push', push, attributes)),
    },
    options,
  );
  return { decoder, events };
}

/** Decodes a stream in chunks. Every chunk has memory of its own, so that nothing is found beyond its end. */
export function decode(bytes: Uint8Array, options?: EngineOptions, cuts: Cuts = WHOLE): Outcome {
  const { decoder, events } = recorder(options);
  let at = 0;
  try {
    for (let i = 0; at < bytes.length; i++) {
      const size = cuts[Math.min(i, cuts.length - 1)]!;
      decoder.write(Buffer.from(bytes.subarray(at, at + size)));
      at += size;
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { events, end: `${error.code} at ${error.offset}: ${error.message}` };
  }
  return { events, end: decoder.pending ? 'more' : 'done' };
}

/** As `decode`, from memory that is written over after each chunk. What has come is looked at only at the end. */
export function decodeTransient(bytes: Uint8Array, options?: EngineOptions, cuts: Cuts = WHOLE): Outcome {
  const came: (() => string)[] = [];
  const decoder = new RespDecoder(
    {
      onReply: (value, attributes) => came.push(() => event('reply', value, attributes)),
      onErrorReply: (error, attributes) => came.push(() => event('error', error, attributes)),
      onPush: (push, attributes) => came.push(() => event('push', push, attributes)),
    },
    options,
  );
  const memory = Buffer.alloc(Math.min(bytes.length, Math.max(...cuts)));
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const chunk = bytes.subarray(at, at + cuts[Math.min(i, cuts.length - 1)]!);
    memory.set(chunk);
    decoder.write(memory.subarray(0, chunk.length), true);
    memory.fill('?');
    at += chunk.length;
  }
  return { events: came.map((show) => show()), end: decoder.pending ? 'more' : 'done' };
}
