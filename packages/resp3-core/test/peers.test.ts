import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeNode, RespDecoder, type RespDecoderOptions, type RespNode } from '../src/index.js';
import { frames } from './frames.js';
import { anyCuts } from './random-node.js';

interface Peer {
  write(chunk: Buffer): void;
}
type Note = (kind: string) => (value: unknown) => void;

const require = createRequire(import.meta.url);
/** A package's own file, past its `exports`. */
const internal = (manifest: string, path: string): unknown => require(join(dirname(manifest), path));

/** The decoder of node-redis, and its descendant in ioredis 6. */
function nodeRedis(manifest: string, path: string): (note: Note) => Peer {
  const { Decoder } = internal(manifest, path) as { Decoder: new (config: object) => Peer };
  return (note) =>
    new Decoder({
      onReply: note('reply'),
      onErrorReply: note('error'),
      onPush: note('push'),
      getTypeMapping: () => ({}),
    });
}

const ioredis = nodeRedis(require.resolve('ioredis/package.json'), 'built/resp/decoder.js');
const redisClient = nodeRedis(require.resolve('@redis/client/package.json'), 'dist/lib/RESP/decoder.js');

function redisParser(note: Note): Peer {
  const Parser = require('redis-parser') as new (options: object) => { execute(chunk: Buffer): void };
  const parser = new Parser({
    returnReply: note('reply'),
    returnError: note('error'),
    returnFatalError: (error: Error) => {
      throw error;
    },
  });
  return { write: (chunk) => parser.execute(chunk) };
}

function ours(options: RespDecoderOptions): (note: Note) => Peer {
  return (note) => {
    const push = note('push');
    return new RespDecoder(
      {
        onReply: note('reply'),
        onErrorReply: note('error'),
        onPush: ({ pushType, data }) => push([pushType, ...data]),
      },
      options,
    );
  };
}

function decodeWith(make: (note: Note) => Peer, bytes: Buffer, cuts: readonly number[]): unknown[] {
  const seen: unknown[] = [];
  const peer = make((kind) => (value) => seen.push([kind, plain(value)]));
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = cuts[Math.min(i, cuts.length - 1)]!;
    peer.write(Buffer.from(bytes.subarray(at, at + size)));
    at += size;
  }
  return seen;
}

/** What all of them can agree on: errors by message, bytes (the peers' pushes) as text, bigints as their digits. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return { error: value.message };
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return value.map(plain);
  return { map: Object.entries(value).map(([key, inner]) => [key, plain(inner)]) };
}

const text = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 30 }));
const line = text.map((value) => value.replace(/[\r\n]/g, ''));
const key = fc.stringMatching(/^[a-z]{1,8}$/);
/** Halves: ioredis is a few units off in the last place of most others. */
const double = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((n) => (n === 0 ? 0.5 : n / 2)),
  fc.constantFrom(Infinity, -Infinity),
);

/** What a RESP2 server sends. */
const { resp2 } = fc.letrec<{ resp2: RespNode }>((tie) => ({
  resp2: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(
      fc.record({ type: fc.constant('+' as const), value: line }),
      fc.record({ type: fc.constant(':' as const), value: fc.integer() }),
      fc.record({ type: fc.constant('$' as const), value: text }),
      fc.constant<RespNode>({ type: '$', value: null }),
    ),
    fc.record({ type: fc.constant('*' as const), value: fc.array(tie('resp2'), { maxLength: 6 }) }),
  ),
}));

/** What node-redis and ioredis know of RESP3. */
const { resp3 } = fc.letrec<{ resp3: RespNode }>((tie) => ({
  resp3: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    resp2,
    fc.record({ type: fc.constant('#' as const), value: fc.boolean() }),
    fc.constant<RespNode>({ type: '_', value: null }),
    fc.record({ type: fc.constant(',' as const), value: double }),
    fc.record({ type: fc.constant('(' as const), value: fc.bigInt() }),
    fc.record({ type: fc.constant('=' as const), value: text, format: fc.constant('txt') }),
    fc.record({
      type: fc.constantFrom('*' as const, '~' as const),
      value: fc.array(tie('resp3'), { maxLength: 6 }),
    }),
    fc.record({
      type: fc.constant('%' as const),
      value: fc.uniqueArray(
        fc.tuple(
          key.map((value): RespNode => ({ type: '$', value })),
          tie('resp3'),
        ),
        { maxLength: 5, selector: ([{ value }]) => value },
      ),
    }),
  ),
}));
const push = fc
  .tuple(key, fc.array(resp2, { maxLength: 3 }))
  .map(([type, data]): RespNode => ({ type: '>', value: [{ type: '$', value: type }, ...data] }));

describe('the same as other decoders, on what they support', () => {
  const options: RespDecoderOptions = { maps: 'object', sets: 'array', verbatim: 'text' };

  test.each([
    ['redis-parser', redisParser, resp2],
    ['ioredis 6', ioredis, fc.oneof(resp3, push)],
    ['node-redis 6', redisClient, fc.oneof(resp3, push)],
  ])('%s', (_, peer, nodes) => {
    const messages = fc.array(nodes, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(messages, anyCuts, (list, cuts) => {
        const bytes = Buffer.concat(list.map((node) => encodeNode(node)));
        const theirs = decodeWith(peer, bytes, cuts);
        expect(decodeWith(ours(options), bytes, cuts)).toEqual(theirs);
        expect(theirs).toHaveLength(list.length);
      }),
      { numRuns: 500 },
    );
  });

  test.each(['ioredis 6', 'redis-parser'])('%s on the frames that RESP2 has', (name) => {
    const peer = name === 'ioredis 6' ? ioredis : redisParser;
    const supported = frames.filter(
      ({ input, options: modes }) =>
        Object.keys(modes).length === 0 &&
        /^[+\-:$*]/.test(input) &&
        // Integers that they round or do not read, and types that they do not know.
        !/:[+-]?\d{15}|:\+|:-0|[_|>~%?#!]|^-\r\n|\\r\\n\\r/.test(input),
    );
    expect(supported.length).toBeGreaterThan(30);
    for (const { input } of supported) {
      const bytes = Buffer.from(input, 'latin1');
      for (const cuts of [[bytes.length], [3], [1, bytes.length]]) {
        expect(decodeWith(ours(options), bytes, cuts)).toEqual(decodeWith(peer, bytes, cuts));
      }
    }
  });
});
