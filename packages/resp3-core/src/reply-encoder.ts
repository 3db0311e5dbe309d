import type { RespNode } from './node.js';
import { nodeReply } from './node-reply.js';
import { plainReply, type Reply } from './plain-reply.js';
import type { ReplyForm } from './reply-level.js';
import { ReplyWriter } from './reply-writer.js';

export interface EncodeReplyOptions {
  /**
   * Protocol version of the connection. In 2, maps and attributes and whatever else RESP2 lacks become what servers send
   * there: flat arrays, bulk strings, `:1` and `:0`, `$-1`; attributes are left out.
   * @default 3
   */
  protocol?: 2 | 3;
  /** Bytes of the chunks (`;`) of a streamed string. @default Infinity (one chunk) */
  streamedChunkBytes?: number;
}

/**
 * The bytes of a reply, as a server sends it: for mock servers, proxies and tests. The RESP type follows from the value:
 *
 * | value | RESP3 |
 * |---|---|
 * | string, `Uint8Array` | bulk string `$` |
 * | safe integer, bigint within int64 | `:` |
 * | other numbers, also `-0` | `,` |
 * | other bigints | `(` |
 * | boolean, `null` | `#`, `_` |
 * | `VerbatimString` | `=` |
 * | `RedisError` | `-`, or `!` when its message has line breaks |
 * | array, `Set`, `RespPush` | `*`, `~`, `>` |
 * | `Map`, plain object (own enumerable keys) | `%` |
 * | `AttributedReply` | `|` and the value |
 *
 * A plain object is always a map, also one that looks like a {@link RespNode}: use {@link encodeNode} for `+OK`, streamed
 * forms, or whenever the type matters. Pushes inside other values are out of band in RESP3, so not counted as elements.
 *
 * @throws {@link ReplyValueError} (`INVALID_REPLY_VALUE`) for `undefined`, functions, symbols, instances of other classes,
 * and values that contain themselves.
 */
export function encodeReply(value: Reply, options: EncodeReplyOptions = {}): Uint8Array {
  return encode(plainReply, value, options);
}

/**
 * The bytes of a typed tree, exactly as given: `{ type: '+', value: 'OK' }` is `+OK`, `streamed: true` gives `$?`, `*?`,
 * `~?` and `%?`, `attributes` stand before their value.
 *
 * @throws {@link ReplyValueError} (`INVALID_REPLY_VALUE`) for what is no node, a value that its type cannot carry (a line
 * break in `+` or `-`, more than int64 in `:`, a format of other than three characters in `=`), and cycles.
 */
export function encodeNode(node: RespNode, options: EncodeReplyOptions = {}): Uint8Array {
  return encode(nodeReply, node, options);
}

function encode<T>(form: ReplyForm<T>, root: T, options: EncodeReplyOptions): Uint8Array {
  const { protocol = 3, streamedChunkBytes = Number.POSITIVE_INFINITY } = options;
  if (protocol !== 2 && protocol !== 3)
    throw new RangeError(`protocol must be 2 or 3, got ${String(protocol)}`);
  if (streamedChunkBytes < 1 || Math.floor(streamedChunkBytes) !== streamedChunkBytes) {
    throw new RangeError(
      `streamedChunkBytes must be a positive integer or Infinity, got ${String(streamedChunkBytes)}`,
    );
  }
  return new ReplyWriter(form, protocol, streamedChunkBytes).write(root);
}
