import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeNode, encodeReply, type RespDecoderOptions, type RespNode } from '../src/index.js';
import { decode, decodeTransient, event, WHOLE } from './decode.js';
import { attributesOf, bareValue, plainValue, pushOf } from './plain-value.js';
import { anyCuts, anyNode, anyReplyNode } from './random-node.js';

const options: fc.Arbitrary<RespDecoderOptions> = fc.record({
  replies: fc.constantFrom('string', 'bytes'),
  pushReplies: fc.constantFrom('string', 'bytes'),
  maps: fc.constantFrom('map', 'object', 'entries'),
  sets: fc.constantFrom('set', 'array'),
  verbatim: fc.constantFrom('verbatim', 'text'),
  attributes: fc.constantFrom('beside', 'wrap'),
});

/** What the handlers must be told of a whole reply. */
function expectedEvent(node: RespNode, modes: RespDecoderOptions): string {
  const beside = attributesOf(node, modes);
  if (node.type === '>') return event('push', pushOf(node, modes), beside);
  if (node.type === '-' || node.type === '!') return event('error', node.value, beside);
  if (modes.attributes === 'wrap') return event('reply', plainValue(node, modes));
  return event('reply', bareValue(node, modes, modes.replies === 'bytes'), beside);
}

describe('properties', () => {
  test('a typed tree comes back from its bytes, however these are cut', () => {
    fc.assert(
      fc.property(fc.array(anyNode, { minLength: 1, maxLength: 4 }), anyCuts, (nodes, cuts) => {
        const bytes = Buffer.concat(nodes.map((node) => encodeNode(node, { streamedChunkBytes: 3 })));
        const outcome = { events: nodes.map((node) => event('reply', canonical(node))), end: 'done' };
        expect(decode(bytes, { typed: true }, WHOLE)).toEqual(outcome);
        expect(decode(bytes, { typed: true }, cuts)).toEqual(outcome);
      }),
      { numRuns: 300 },
    );
  });

  test('values have the shapes that the options say', () => {
    fc.assert(
      fc.property(
        fc.array(anyNode, { minLength: 1, maxLength: 4 }),
        options,
        anyCuts,
        (nodes, modes, cuts) => {
          const bytes = Buffer.concat(nodes.map((node) => encodeNode(node, { streamedChunkBytes: 2 })));
          const outcome = { events: nodes.map((node) => expectedEvent(node, modes)), end: 'done' };
          expect(decode(bytes, modes, WHOLE)).toEqual(outcome);
          expect(decode(bytes, modes, cuts)).toEqual(outcome);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('nothing refers to a chunk whose memory is used again', () => {
    fc.assert(
      fc.property(
        fc.array(anyNode, { minLength: 1, maxLength: 4 }),
        options,
        anyCuts,
        (nodes, modes, cuts) => {
          const bytes = Buffer.concat(nodes.map((node) => encodeNode(node, { streamedChunkBytes: 2 })));
          const outcome = { events: nodes.map((node) => expectedEvent(node, modes)), end: 'done' };
          expect(decodeTransient(bytes, modes, WHOLE)).toEqual(outcome);
          expect(decodeTransient(bytes, modes, cuts)).toEqual(outcome);
        },
      ),
      { numRuns: 400 },
    );
    const big = Buffer.alloc(3 * 2 ** 20, 'big');
    const chunks = [65_536];
    const bytes = Buffer.concat([Buffer.from(`$${big.length}\r\n`), big, Buffer.from('\r\n')]);
    for (const replies of ['string', 'bytes'] as const)
      expect(decodeTransient(bytes, { replies }, chunks)).toEqual(decode(bytes, { replies }, chunks));
  });

  test('a value comes back from encodeReply', () => {
    const modes: RespDecoderOptions = { attributes: 'wrap' };
    fc.assert(
      fc.property(anyReplyNode, anyCuts, (node, cuts) => {
        const value = plainValue(node, modes);
        fc.pre(node.type !== '-' && node.type !== '!' && !hasSmallBigint(node));
        const outcome = { events: [event('reply', value)], end: 'done' };
        expect(decode(encodeReply(value), modes, cuts)).toEqual(outcome);
      }),
      { numRuns: 300 },
    );
  });

  test('what is cut off needs more, and gives nothing else than the whole', () => {
    fc.assert(
      fc.property(
        fc.array(anyNode, { minLength: 1, maxLength: 3 }),
        options,
        fc.nat(),
        anyCuts,
        (nodes, modes, n, cuts) => {
          const bytes = Buffer.concat(nodes.map((node) => encodeNode(node)));
          const { events } = decode(bytes, modes);
          const end = n % bytes.length;
          const part = decode(bytes.subarray(0, end), modes, cuts);
          expect(part.events).toEqual(events.slice(0, part.events.length));
          expect(part.events.length).toBeLessThan(events.length);
          expect(['more', 'done']).toContain(part.end);
          const lengths = nodes.map((node) => encodeNode(node).length);
          const boundaries = lengths.map((_, i) =>
            lengths.slice(0, i).reduce((sum, length) => sum + length, 0),
          );
          expect(part.end).toBe(boundaries.includes(end) ? 'done' : 'more');
        },
      ),
      { numRuns: 300 },
    );
  });

  test('flipped bytes end in more, a value or a ProtocolError, the same one for all chunks', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    const limits = {
      depth: 6,
      elements: 50,
      bulkBytes: 1000,
      replyBytes: 2000,
      lineBytes: 100,
      bigNumberBytes: 50,
    };
    fc.assert(
      fc.property(
        fc.array(anyNode, { minLength: 1, maxLength: 3 }),
        options,
        flips,
        anyCuts,
        (nodes, modes, changes, cuts) => {
          const bytes = Buffer.concat(nodes.map((node) => encodeNode(node)));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          for (const bounds of [{}, limits]) {
            const whole = decode(bytes, { ...modes, limits: bounds }, WHOLE);
            expect(whole.end).toMatch(/^(more|done|[A-Z_]+ at \d+: )/);
            expect(decode(bytes, { ...modes, limits: bounds }, cuts)).toEqual(whole);
            expect(decode(bytes, { ...modes, limits: bounds }, [1])).toEqual(whole);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test('any bytes end in more, values or a ProtocolError, the same one for all chunks', () => {
    const soup = fc
      .array(
        fc.oneof(
          fc.constantFrom(
            ...'+-:$*_#,(!=~%>|;.?',
            '\r\n',
            '\r\n',
            '\r\n',
            '0',
            '1',
            '2',
            '3',
            '-1',
            '?',
            'a',
            't',
            '\r',
            '\n',
          ),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
        { maxLength: 60 },
      )
      .map((parts) => Buffer.from(parts.join('')));
    fc.assert(
      fc.property(soup, options, anyCuts, (bytes, modes, cuts) => {
        const whole = decode(bytes, modes, WHOLE);
        expect(decode(bytes, modes, cuts)).toEqual(whole);
        expect(decode(bytes, modes, [1])).toEqual(whole);
      }),
      { numRuns: 3000 },
    );
  });
});

/** A node with its keys in the order in which a decoder sets them. */
function canonical(node: RespNode): unknown {
  const { attributes, streamed, ...bare } = node;
  const value = Array.isArray(node.value) ? node.value.map(canonicalElement) : node.value;
  return {
    ...bare,
    value,
    ...(attributes === undefined ? {} : { attributes: attributes.map(canonicalElement) }),
    ...(streamed === undefined ? {} : { streamed }),
  };
}

function canonicalElement(element: RespNode | [RespNode, RespNode]): unknown {
  return Array.isArray(element) ? element.map(canonical) : canonical(element);
}

/** `encodeReply` sends bigints within int64 as integers, which come back as numbers when they are safe. */
function hasSmallBigint(node: RespNode): boolean {
  const elements = [...(Array.isArray(node.value) ? node.value : []), ...(node.attributes ?? [])].flat();
  const small = node.type === '(' && BigInt.asIntN(64, node.value) === node.value;
  return small || elements.some(hasSmallBigint);
}
