import type { RedisError } from './errors.js';

/** The first byte of a value on the wire. RESP2's nulls are `$` and `*` with the value `null`. */
export type RespType = '+' | '-' | ':' | '$' | '*' | '_' | '#' | ',' | '(' | '!' | '=' | '~' | '%' | '>';

/**
 * A reply with the RESP type of every value kept, for tools, tests and recorders. `encodeNode` turns a tree back into the
 * bytes that it came from, but for what has several spellings: numbers (`:+5`, `,1.0`, `,1e3`), the pieces of a streamed
 * string, and pushes inside of aggregates, which are replies of their own here.
 */
export type RespNode = { attributes?: [RespNode, RespNode][]; streamed?: true } & (
  | { type: '+'; value: string | Uint8Array }
  | { type: '-' | '!'; value: RedisError }
  | { type: ':'; value: number | bigint }
  | { type: '$'; value: string | Uint8Array | null }
  | { type: '*'; value: RespNode[] | null }
  | { type: '_'; value: null }
  | { type: '#'; value: boolean }
  | { type: ','; value: number }
  | { type: '('; value: bigint }
  | { type: '='; value: string | Uint8Array; format: string }
  | { type: '~' | '>'; value: RespNode[] }
  | { type: '%'; value: [RespNode, RespNode][] }
);
