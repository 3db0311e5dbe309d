import { describe, expect, test } from 'vitest';
import { Resp3Reader, RespDecoder, type RespValue } from '../src/index.js';

const crlf = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');

/** The queue of a client: the n-th reply belongs to the n-th command. */
function askedInOrder(input: Buffer, commands: readonly string[], chunk: number): Map<string, RespValue> {
  const waiting = [...commands];
  const answers = new Map<string, RespValue>();
  const answer = (value: RespValue): void => {
    answers.set(waiting.shift() ?? 'nobody', value);
  };
  const decoder = new RespDecoder({ onReply: answer, onErrorReply: answer, onPush() {} });
  for (let at = 0; at < input.length; at += chunk) decoder.write(input.subarray(at, at + chunk));
  expect(waiting).toEqual([]);
  return answers;
}

// What other clients get wrong. D4, deep nesting, is among the limits.
describe('known defects of decoders', () => {
  test('D1: a reply behind attributes goes to its own command, and so do all after it', () => {
    const attributes = '|1\n$14\nkey-popularity\n%1\n$1\nk\n,0.5\n';
    const input = crlf(`$4\nv:k0\n${attributes}$6\nv:attr\n|0\n${attributes}-ERR no\n$4\nv:k1\n:2\n`);
    for (let chunk = 1; chunk <= input.length; chunk++) {
      const answers = askedInOrder(input, ['k0', 'attr', 'failing', 'k1', 'k2'], chunk);
      expect([...answers].map(([key, value]) => [key, value instanceof Error ? 'error' : value])).toEqual([
        ['k0', 'v:k0'],
        ['attr', 'v:attr'],
        ['failing', 'error'],
        ['k1', 'v:k1'],
        ['k2', 2],
      ]);
    }
  });

  test('D1: attributes inside of a reply displace no element', () => {
    const attribute = '|1\n+ttl\n:3600\n';
    const input = crlf(
      `*3\n${attribute}:1\n:2\n${attribute}${attribute}:3\n%1\n${attribute}+k\n${attribute}+v\n:4\n`,
    );
    for (let chunk = 1; chunk <= input.length; chunk++) {
      const answers = askedInOrder(input, ['array', 'map', 'last'], chunk);
      expect([...answers.values()]).toEqual([[1, 2, 3], new Map([['k', 'v']]), 4]);
    }
  });

  test('D2: a push inside of a reply is out of band and displaces no element', () => {
    const input = crlf('*3\n+PONG\n>3\n$7\nmessage\n$1\na\n$1\nx\n:1\n+PONG\n$1\nk\n');
    for (let chunk = 1; chunk <= input.length; chunk++) {
      const answers = askedInOrder(input, ['EXEC', 'get'], chunk);
      expect([...answers.values()]).toEqual([['PONG', 1, 'PONG'], 'k']);
    }
  });

  test('D3: a listener that throws costs nobody else a reply', () => {
    const seen: RespValue[] = [];
    const decoder = new RespDecoder({
      onReply: (value) => seen.push(value),
      onErrorReply() {},
      onPush: () => {
        throw new Error('listener');
      },
    });
    const message = '>3\n+message\n+a\n+m\n';
    expect(() => decoder.write(crlf(`${message}$4\nv:k1\n${message}$4\nv:k2\n`))).toThrow(AggregateError);
    decoder.write(crlf('$4\nv:k3\n'));
    expect(seen).toEqual(['v:k1', 'v:k2', 'v:k3']);
  });

  test.each([
    ['9007199254740991', 9007199254740991],
    ['-9007199254740991', -9007199254740991],
    ['9007199254740990', 9007199254740990],
    ['9007199254740992', 9007199254740992n],
    ['9007199254740993', 9007199254740993n],
    ['-9007199254740993', -9007199254740993n],
    ['9223372036854775807', 9223372036854775807n],
    ['-9223372036854775808', -9223372036854775808n],
  ])('D11: the integer %s is not rounded', (text, value) => {
    const input = crlf(`:${text}\n*1\n:${text}\n`);
    for (let chunk = 1; chunk <= input.length; chunk++) {
      const reader = new Resp3Reader();
      for (let at = 0; at < input.length; at += chunk) reader.feed(input.subarray(at, at + chunk));
      expect([...reader.objects()]).toEqual([value, [value]]);
    }
  });

  test('D11: integers around every power of ten and two are exact', () => {
    for (let exponent = 1; exponent <= 63; exponent++) {
      const powers = [2n ** BigInt(exponent), 10n ** BigInt(exponent % 19)];
      for (const value of powers.flatMap((power) => [power - 1n, power, power + 1n, -power, -power - 1n])) {
        if (BigInt.asIntN(64, value) !== value) continue;
        const reader = new Resp3Reader();
        reader.feed(crlf(`:${value}\n`));
        const read = reader.getObject() as number | bigint;
        expect(BigInt(read)).toBe(value);
        expect(typeof read).toBe(Number.isSafeInteger(Number(value)) ? 'number' : 'bigint');
      }
    }
  });
});
