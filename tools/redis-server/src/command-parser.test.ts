import { describe, expect, it } from 'vitest';
import { encodeArgs } from './command-connection.js';
import { CommandParser, type ParsedCommand } from './command-parser.js';

function parse(chunks: Iterable<Buffer>, maxArgBytes?: number) {
  const commands: ParsedCommand[] = [];
  const parser = new CommandParser((command) => commands.push(command), maxArgBytes);
  for (const chunk of chunks) parser.push(chunk);
  return { commands, malformed: parser.malformed };
}

const stream = Buffer.concat([
  encodeArgs(['SET', 'k', 'a\r\nb']),
  Buffer.from('PING  hello\r\n\r\n*0\r\n'),
  encodeArgs(['GET', '']),
]);
const expected = [
  { args: ['SET', 'k', 'a\r\nb'], end: 30 },
  { args: ['PING', 'hello'], end: 43 },
  { args: ['GET', ''], end: stream.length },
];

describe('CommandParser', () => {
  it('reads commands, inline commands, and where they end', () => {
    expect(parse([stream])).toEqual({ commands: expected, malformed: false });
  });

  it('does not care how the bytes are cut', () => {
    for (const size of [1, 2, 3, 7]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, at) =>
        stream.subarray(at * size, (at + 1) * size),
      );
      expect(parse(chunks).commands).toEqual(expected);
    }
  });

  it('keeps only the beginning of long arguments', () => {
    expect(parse([encodeArgs(['SET', '12345', '123456'])], 5).commands[0]?.args).toEqual([
      'SET',
      '12345',
      '12345…',
    ]);
  });

  it.each(['*1\r\n+PING\r\n', '*x\r\n', '\x16\x03\x01'])('stops at %j', (text) => {
    const { commands, malformed } = parse([Buffer.from(text), encodeArgs(['PING'])]);
    expect(malformed).toBe(true);
    expect(commands).toEqual([]);
  });
});
