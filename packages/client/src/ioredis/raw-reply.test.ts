import { expect, it } from 'vitest';
import { ReplyError } from '../reply-error.js';
import { driverReply, flattened, isServerError } from './raw-reply.js';

class FakeServerError extends Error {
  override readonly name = 'ReplyError';
}

const text = (raw: unknown): unknown => driverReply(raw, 'GET', false);
type Items = readonly (string | Items)[];
const bytes = (...items: Items): unknown[] =>
  items.map((item) => (typeof item === 'string' ? Buffer.from(item) : bytes(...item)));

it.each([
  ['1', 1],
  ['-7', -7],
  ['9007199254740991', 9007199254740991],
  ['9007199254740993', 9007199254740993n],
  ['-9223372036854775808', -9223372036854775808n],
  ['9223372036854775808', '9223372036854775808'],
])('reads the integer %s', (raw, value) => {
  expect(text(raw)).toBe(value);
});

it('has strings as text or as bytes', () => {
  expect(text([Buffer.from('ü'), null, '1'])).toEqual(['ü', null, 1]);
  expect(driverReply([Buffer.from([0xff]), '1'], 'GET', true)).toEqual([Buffer.from([0xff]), 1]);
  expect(text(Buffer.from('1'))).toBe('1');
});

it('has errors in arrays as ReplyError', () => {
  const [error] = driverReply(
    [new FakeServerError('WRONGTYPE no')],
    'EVAL',
    false,
  ) as unknown as ReplyError[];
  expect(error).toBeInstanceOf(ReplyError);
  expect(error).toMatchObject({ code: 'WRONGTYPE', command: 'EVAL' });
});

it.each([
  {
    command: ['ZRANGE', 'z', 0, -1, 'WITHSCORES'],
    raw: bytes(['a', '1'], ['b', '2']),
    flat: bytes('a', '1', 'b', '2'),
  },
  { command: ['ZRANGE', 'z', 0, -1], raw: bytes('a', 'b'), flat: bytes('a', 'b') },
  { command: ['XREAD', 'STREAMS', 's', 0], raw: bytes('s', ['entry']), flat: bytes(['s', ['entry']]) },
  { command: ['XREAD', 'STREAMS', 's', 0], raw: bytes(['s', ['entry']]), flat: bytes(['s', ['entry']]) },
  { command: ['LRANGE', 'l', 0, -1], raw: bytes('a'), flat: bytes('a') },
])('undoes what RESP3 makes of $command', ({ command, raw, flat }) => {
  expect(flattened(command, raw)).toEqual(flat);
});

it('tells the errors of servers from others, whatever a bundler makes of class names', () => {
  expect(isServerError(new FakeServerError('any text of a script'))).toBe(true);
  for (const message of ['ERR no', 'WRONGTYPE Operation', 'EXECABORT']) {
    expect(isServerError(new Error(message))).toBe(true);
  }
  for (const message of ['Connection is closed.', 'read ECONNRESET', 'write EPIPE', 'Command aborted', 'A']) {
    expect(isServerError(new Error(message))).toBe(false);
  }
  expect(isServerError('ERR no')).toBe(false);
});
