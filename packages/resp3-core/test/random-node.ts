import fc from 'fast-check';
import { RedisError, type RespNode } from '../src/index.js';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom('', 'OK', '__proto__', '\r\n', '$5\r\n', '\ufeff', 'field'),
);
const line = text.map((value) => value.replace(/[\r\n]/g, ''));
const error = (message: fc.Arbitrary<string>): fc.Arbitrary<RedisError> =>
  message.map((m) => new RedisError(m));
const integer = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  fc
    .bigInt(MIN_INT64, MAX_INT64)
    .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value)),
);
const format = fc.stringMatching(/^[ -~]{3}$/);

const scalar: fc.Arbitrary<RespNode> = fc.oneof(
  fc.record({ type: fc.constant('+' as const), value: line }),
  fc.record({ type: fc.constant('-' as const), value: error(line) }),
  fc.record({ type: fc.constant('!' as const), value: error(text) }),
  fc.record({ type: fc.constant(':' as const), value: integer }),
  fc.record({ type: fc.constant('$' as const), value: fc.option(text) }),
  fc.record({ type: fc.constant('$' as const), value: text, streamed: fc.constant(true as const) }),
  fc.constant<RespNode>({ type: '*', value: null }),
  fc.constant<RespNode>({ type: '_', value: null }),
  fc.record({ type: fc.constant('#' as const), value: fc.boolean() }),
  fc.record({ type: fc.constant(',' as const), value: fc.double() }),
  fc.record({ type: fc.constant('(' as const), value: fc.bigInt() }),
  fc.record({ type: fc.constant('=' as const), value: text, format }),
);

const { node } = fc.letrec<{ node: RespNode; bare: RespNode; pairs: [RespNode, RespNode][] }>((tie) => ({
  pairs: fc.array(fc.tuple(tie('node'), tie('node')), { maxLength: 3, depthIdentifier: 'node' }),
  bare: fc.oneof(
    { depthSize: 'small', depthIdentifier: 'node', maxDepth: 3, withCrossShrink: true },
    scalar,
    streamable('*', fc.array(tie('node'), { maxLength: 6 })),
    streamable('~', fc.array(tie('node'), { maxLength: 3 })),
    streamable('%', tie('pairs')),
  ),
  node: fc
    .tuple(tie('bare'), fc.option(tie('pairs'), { freq: 10, depthIdentifier: 'node', maxDepth: 3 }))
    .map(([bare, attributes]) => (attributes === null ? bare : { ...bare, attributes })),
}));

function streamable<T>(type: '*' | '~' | '%', value: fc.Arbitrary<T>): fc.Arbitrary<RespNode> {
  return fc
    .tuple(value, fc.boolean())
    .map(
      ([elements, streamed]) => ({ type, value: elements, ...(streamed ? { streamed } : {}) }) as RespNode,
    );
}

const push: fc.Arbitrary<RespNode> = fc
  .tuple(line, fc.array(node, { maxLength: 4 }))
  .map(([pushType, data]) => ({ type: '>', value: [{ type: '+', value: pushType }, ...data] }));

/** Every reply that a server can send, in the spelling that `encodeNode` uses, but for pushes inside of replies. */
export const anyNode: fc.Arbitrary<RespNode> = fc.oneof({ arbitrary: node, weight: 9 }, push);

/** The same without pushes. */
export const anyReplyNode: fc.Arbitrary<RespNode> = node;

/** Sizes of chunks. */
export const anyCuts: fc.Arbitrary<number[]> = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 200 })),
  { minLength: 1, maxLength: 50 },
);
