import { describe, expect, it } from 'vitest';
import { parseReply, ReplyError } from './reply.js';

describe('parseReply', () => {
  it.each([
    ['+OK\r\n', 'OK'],
    [':9007199254740993\r\n', 9007199254740993n],
    [':-7\r\n', -7],
    ['$5\r\na\r\nbc\r\n', 'a\r\nbc'],
    ['$-1\r\n', null],
    ['*-1\r\n', null],
    ['_\r\n', null],
    ['*2\r\n$1\r\na\r\n*1\r\n:1\r\n', ['a', [1]]],
    [',-inf\r\n', Number.NEGATIVE_INFINITY],
    ['#f\r\n', false],
    ['=7\r\ntxt:abc\r\n', 'abc'],
    ['%1\r\n+k\r\n~1\r\n:1\r\n', ['k', [1]]],
    ['>2\r\n+a\r\n+b\r\n', ['a', 'b']],
    ['|1\r\n+k\r\n+v\r\n:5\r\n', 5],
  ])('reads %j whole, and nothing of a part of it', (text, value) => {
    const bytes = Buffer.from(text);
    expect(parseReply(bytes)).toEqual({ value, end: bytes.length });
    for (let length = 0; length < bytes.length; length++) {
      expect(parseReply(bytes.subarray(0, length))).toBeUndefined();
    }
  });

  it('makes errors of both forms', () => {
    const simple = parseReply(Buffer.from('-WRONGTYPE no\r\n'))?.value;
    const bulk = parseReply(Buffer.from('!9\r\nSYNTAX no\r\n'))?.value;
    expect(simple).toBeInstanceOf(ReplyError);
    expect([simple, bulk]).toMatchObject([
      { code: 'WRONGTYPE', message: 'WRONGTYPE no' },
      { code: 'SYNTAX', message: 'SYNTAX no' },
    ]);
  });

  it('refuses what cannot be a reply', () => {
    expect(() => parseReply(Buffer.from('HTTP/1.1 200\r\n'))).toThrow('"H"');
  });
});
