import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RespDecoder } from './decoder.js';
import type { RespDecoderOptions } from './options.js';
import type { RespPush } from './values.js';

/** Enough behind them that messages are found in their chunk as a whole. */
const REST = '+OK\r\n'.repeat(300);
const encoder = new TextEncoder();

function bulk(text: string): string {
  return `$${encoder.encode(text).length}\r\n${text}\r\n`;
}

function message(channel: string, payload: string): string {
  return `>3\r\n${bulk('message')}${bulk(channel)}${bulk(payload)}`;
}

/** What came of a stream, cut into pieces of so many bytes. */
function decoded(stream: string, size: number, options: RespDecoderOptions = {}): unknown[] {
  const out: unknown[] = [];
  const decoder = new RespDecoder(
    {
      onReply: (value) => out.push(value),
      onErrorReply: (error) => out.push(error),
      onPush: ({ pushType, data }, attributes) => out.push([pushType, data, attributes]),
    },
    options,
  );
  const bytes = encoder.encode(stream);
  try {
    for (let at = 0; at < bytes.length; at += size) decoder.write(bytes.slice(at, at + size));
  } catch (error) {
    out.push(error);
  }
  return out;
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', 'é', 'x'.repeat(500), 'é'.repeat(300), 'y'.repeat(5000), '\r\n$3\r\n'),
);
const part = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(text, text).map(([channel, payload]) => message(channel, payload)) },
  text.map(bulk),
  text.map((payload) => `>4\r\n${bulk('pmessage')}${bulk('p*')}${bulk('p1')}${bulk(payload)}`),
  text.map((payload) => `|1\r\n+a\r\n:1\r\n${message('c', payload)}`),
  text.map((payload) => `*2\r\n${message('c', payload)}:1\r\n:2\r\n`),
  fc.constantFrom('>3\r\n+message\r\n+c\r\n+x\r\n', '>2\r\n+message\r\n$1\r\nc\r\n', ':1\r\n'),
);

test.each<[string, RespDecoderOptions]>([
  ['text', {}],
  ['bytes', { replies: 'bytes' }],
  ['messages in bytes', { pushReplies: 'bytes' }],
  ['some in bytes', { pushReplies: (type) => (type === 'message' ? 'bytes' : 'string') }],
])('a chunk of messages gives what its bytes give one by one, as %s', (_, options) => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const stream = parts.join('') + REST;
      expect(decoded(stream, stream.length * 3, options)).toEqual(decoded(stream, 1, options));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['no CR behind the channel', message('c', 'x').replace('c\r', 'c.')],
  ['no CRLF behind the payload', message('c', 'x').replace('x\r\n', 'x..')],
  ['no length', message('c', 'x').replace('$1\r\nx', '$\r\nx')],
  ['no digit', message('c', 'x').replace('$1\r\nx', '$1x\r\nx')],
  ['a channel over the limit', message('c'.repeat(60), 'x')],
  ['a payload over the limit', message('c', 'x'.repeat(60))],
])('%s is what it is in small pieces', (_, wrong) => {
  const stream = message('c', 'before') + wrong + REST;
  const options = { limits: { bulkBytes: 50 } };
  const inOne = decoded(stream, stream.length, options);
  expect(inOne).toEqual(decoded(stream, 1, options));
  expect(inOne.at(-1)).toBeInstanceOf(Error);
});

test('a message over the limit of a reply is refused', () => {
  const stream = message('c', 'x'.repeat(60)) + REST;
  expect(decoded(stream, stream.length, { limits: { replyBytes: 50 } })).toMatchObject([
    { code: 'LIMIT_EXCEEDED' },
  ]);
});

test('a handler that throws does not disturb the other messages', () => {
  const seen: unknown[] = [];
  const onPush = ({ data }: RespPush): void => {
    seen.push(data[1]);
    if (data[1] === 'a') throw new Error('mine');
  };
  const decoder = new RespDecoder({ onReply: () => undefined, onErrorReply: () => undefined, onPush });
  expect(() => decoder.write(encoder.encode(message('c', 'a') + message('c', 'b') + REST))).toThrow('mine');
  expect(seen).toEqual(['a', 'b']);
});

test('reset() in a handler drops the messages behind', () => {
  const seen: unknown[] = [];
  const decoder: RespDecoder = new RespDecoder({
    onReply: (value) => seen.push(value),
    onErrorReply: () => undefined,
    onPush: ({ data }) => {
      seen.push(data[1]);
      decoder.reset();
    },
  });
  decoder.write(encoder.encode(message('c', 'a') + message('c', 'b') + REST));
  decoder.write(encoder.encode(message('c', 'c') + REST));
  expect(seen).toEqual(['a', 'c']);
});
