import { InvalidOptionError } from '../errors.js';
import type { SyncCodec } from './codec.js';
import { DecodeError } from './codec-errors.js';
import { JsonProblem, readJson } from './json-reader.js';
import { isFaithful, writeJson } from './json-writer.js';
import { textOf } from './utf8.js';

/** What JSON can say. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

export interface JsonOptions {
  /**
   * Speak JSON as Python's `json` module does: `NaN`, `Infinity` and `-Infinity` are numbers, and integers from 2^53 on are
   * `bigint`, both ways and exactly. Otherwise both are refused, both ways.
   * @default false
   */
  readonly python?: boolean | undefined;
}

/** Might hold a number that `JSON.parse` would change without a word. */
const MAY_ROUND = /\d{16}|[eE]\+?\d{3}/;
/** The same, or a token that only Python writes. */
const MAY_BE_PYTHON = /\d{16}|[eE]\+?\d{3}|NaN|Infinity/;

/**
 * JSON text. Stricter than `JSON.stringify` and `JSON.parse`: nothing is changed silently. Refused are, besides what is no
 * JSON, values that would be left out or turned into something else (`undefined` outside of objects, functions, symbols,
 * cycles, `Map`, `Set`, bytes, `NaN`, bigints), integers that a number cannot hold, and bytes that are no UTF-8. Properties
 * that are `undefined` are left out, and `toJSON` is called as always.
 *
 * @example
 * const codec = json<{ id: number }>();
 * codec.decode(codec.encode({ id: 1 })).id;
 */
export function json<T = JsonValue>({ python = false }: JsonOptions = {}): SyncCodec<T> {
  if (typeof python !== 'boolean') throw new InvalidOptionError('python', 'must be true or false');
  return Object.freeze<SyncCodec<T>>({
    replies: 'bytes',
    encode: (value) => encode(value, python),
    decode: (raw) => decode(raw, python) as T,
  });
}

function encode(value: unknown, python: boolean): string {
  return isFaithful(value) ? JSON.stringify(value) : writeJson(value, python);
}

function decode(raw: string | Uint8Array, python: boolean): unknown {
  const text = textOf(raw);
  try {
    return (python ? MAY_BE_PYTHON : MAY_ROUND).test(text) ? readJson(text, python) : JSON.parse(text);
  } catch (error) {
    const problem = error instanceof JsonProblem ? error.message : 'it is no JSON';
    throw new DecodeError(raw, problem, { cause: error });
  }
}
