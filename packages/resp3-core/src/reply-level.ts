import type { RespNode } from './node.js';
import type { ReplyValueError } from './reply-value-error.js';

/** One value of a reply whose elements, of whatever form `T`, have not been looked at yet. */
export type ReplyLevel<T> =
  | Extract<RespNode, { type: '+' | '-' | '!' | ':' | '_' | '#' | ',' | '(' | '=' }>
  | { type: '$'; value: string | Uint8Array | null; streamed?: true }
  | { type: '*' | '~' | '>'; value: readonly T[]; streamed?: true }
  | { type: '*'; value: null; streamed?: never }
  | { type: '%'; value: readonly (readonly [T, T])[]; streamed?: true }
  /** Attributes, and the value that they belong to. */
  | { type: '|'; attributes: readonly (readonly [T, T])[]; value: T };

/** Makes the error for the value at hand. */
export type Refuse = (problem: string, advice: string) => ReplyValueError;

/** How replies of form `T` are taken apart. */
export interface ReplyForm<T> {
  levelOf(item: T, refuse: Refuse): ReplyLevel<T>;
  /** Pushes are out of band: in RESP3, aggregates do not count them. */
  isPush(item: T): boolean;
}
