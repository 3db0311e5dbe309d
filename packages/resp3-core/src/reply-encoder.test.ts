import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RedisError } from './errors.js';
import type { RespNode } from './node.js';
import type { Reply } from './plain-reply.js';
import { encodeNode, encodeReply } from './reply-encoder.js';
import { ReplyValueError } from './reply-value-error.js';
import { AttributedReply, RespPush, type RespValue, VerbatimString } from './values.js';

const reply = (value: Reply, protocol: 2 | 3 = 3): string =>
  Buffer.from(encodeReply(value, { protocol })).toString('latin1');
const node = (tree: RespNode, protocol: 2 | 3 = 3): string =>
  Buffer.from(encodeNode(tree, { protocol })).toString('latin1');
const latin1 = (text: string): string => Buffer.from(text).toString('latin1');
const nullObject = (entries: Record<string, RespValue>): { [key: string]: RespValue } =>
  Object.assign(Object.create(null), entries);

function failure(act: () => unknown): ReplyValueError {
  try {
    act();
  } catch (error) {
    return error as ReplyValueError;
  }
  throw new Error('nothing was thrown');
}

describe('encodeReply', () => {
  test.each<[string, Reply, resp3: string, resp2: string]>([
    ['a string', 'hello', '$5\r\nhello\r\n', '$5\r\nhello\r\n'],
    ['an empty string', '', '$0\r\n\r\n', '$0\r\n\r\n'],
    ['a string in bytes', 'é€', `$5\r\n${latin1('é€')}\r\n`, `$5\r\n${latin1('é€')}\r\n`],
    ['bytes', new Uint8Array([255, 10]), '$2\r\n\xff\n\r\n', '$2\r\n\xff\n\r\n'],
    ['null', null, '_\r\n', '$-1\r\n'],
    ['true', true, '#t\r\n', ':1\r\n'],
    ['false', false, '#f\r\n', ':0\r\n'],
    ['zero', 0, ':0\r\n', ':0\r\n'],
    ['a negative integer', -7, ':-7\r\n', ':-7\r\n'],
    ['the largest safe integer', Number.MAX_SAFE_INTEGER, ':9007199254740991\r\n', ':9007199254740991\r\n'],
    ['an unsafe integer', 2 ** 53, ',9007199254740992\r\n', '$16\r\n9007199254740992\r\n'],
    ['minus zero', -0, ',-0\r\n', '$2\r\n-0\r\n'],
    ['a double', 0.1, ',0.1\r\n', '$3\r\n0.1\r\n'],
    ['a large double', 1e21, ',1e+21\r\n', '$5\r\n1e+21\r\n'],
    ['NaN', Number.NaN, ',nan\r\n', '$3\r\nnan\r\n'],
    ['infinity', Infinity, ',inf\r\n', '$3\r\ninf\r\n'],
    ['minus infinity', -Infinity, ',-inf\r\n', '$4\r\n-inf\r\n'],
    ['the largest int64', 2n ** 63n - 1n, ':9223372036854775807\r\n', ':9223372036854775807\r\n'],
    ['the smallest int64', -(2n ** 63n), ':-9223372036854775808\r\n', ':-9223372036854775808\r\n'],
    ['a big number', 2n ** 63n, '(9223372036854775808\r\n', '$19\r\n9223372036854775808\r\n'],
    ['a verbatim string', new VerbatimString('a\nb', 'mkd'), '=7\r\nmkd:a\nb\r\n', '$3\r\na\nb\r\n'],
    ['an error', new RedisError('WRONGTYPE no'), '-WRONGTYPE no\r\n', '-WRONGTYPE no\r\n'],
    ['an error of two lines', new RedisError('ERR a\r\nb'), '!8\r\nERR a\r\nb\r\n', '-ERR a  b\r\n'],
    ['an array', [1, 'a', null], '*3\r\n:1\r\n$1\r\na\r\n_\r\n', '*3\r\n:1\r\n$1\r\na\r\n$-1\r\n'],
    ['an empty array', [], '*0\r\n', '*0\r\n'],
    ['an array in arrays', [[], [[1]]], '*2\r\n*0\r\n*1\r\n*1\r\n:1\r\n', '*2\r\n*0\r\n*1\r\n*1\r\n:1\r\n'],
    ['a set', new Set<RespValue>([1, 2]), '~2\r\n:1\r\n:2\r\n', '*2\r\n:1\r\n:2\r\n'],
    [
      'a map',
      new Map<RespValue, RespValue>([
        [1, 'a'],
        [[], null],
      ]),
      '%2\r\n:1\r\n$1\r\na\r\n*0\r\n_\r\n',
      '*4\r\n:1\r\n$1\r\na\r\n*0\r\n$-1\r\n',
    ],
    [
      'an object',
      { a: 1, b: true },
      '%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n#t\r\n',
      '*4\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n:1\r\n',
    ],
    [
      'an object without prototype',
      nullObject({ a: 1 }),
      '%1\r\n$1\r\na\r\n:1\r\n',
      '*2\r\n$1\r\na\r\n:1\r\n',
    ],
    [
      'an object that looks like a node',
      { type: '+', value: 'OK' },
      '%2\r\n$4\r\ntype\r\n$1\r\n+\r\n$5\r\nvalue\r\n$2\r\nOK\r\n',
      '*4\r\n$4\r\ntype\r\n$1\r\n+\r\n$5\r\nvalue\r\n$2\r\nOK\r\n',
    ],
    [
      'a push',
      new RespPush('message', ['c', 'hi']),
      '>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n',
      '*3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$2\r\nhi\r\n',
    ],
    [
      'attributes',
      new AttributedReply(5, new Map([['ttl', 3]])),
      '|1\r\n$3\r\nttl\r\n:3\r\n:5\r\n',
      ':5\r\n',
    ],
    [
      'attributes inside an array',
      [new AttributedReply([1], new Map())],
      '*1\r\n|0\r\n*1\r\n:1\r\n',
      '*1\r\n*1\r\n:1\r\n',
    ],
    [
      'attributes of attributes',
      new AttributedReply(new AttributedReply('v', new Map([['b', 2]])), new Map([['a', 1]])),
      '|1\r\n$1\r\na\r\n:1\r\n|1\r\n$1\r\nb\r\n:2\r\n$1\r\nv\r\n',
      '$1\r\nv\r\n',
    ],
  ])('%s', (_, value, resp3, resp2) => {
    expect(reply(value, 3)).toBe(resp3);
    expect(reply(value, 2)).toBe(resp2);
  });

  test('RESP3 is the default', () => {
    expect(Buffer.from(encodeReply(null)).toString()).toBe('_\r\n');
  });

  test('a push among elements is not one of them in RESP3', () => {
    const values = [1, new RespPush('p', []), 2] as RespValue[];
    expect(reply(values)).toBe('*2\r\n:1\r\n>1\r\n$1\r\np\r\n:2\r\n');
    expect(reply(values, 2)).toBe('*3\r\n:1\r\n*1\r\n$1\r\np\r\n:2\r\n');
  });

  test('the same value twice is no cycle', () => {
    const shared = [1];
    expect(reply([shared, shared])).toBe('*2\r\n*1\r\n:1\r\n*1\r\n:1\r\n');
  });

  test('100,000 levels', () => {
    const depth = 100_000;
    let value: RespValue = 1;
    for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : new Map([[0, value]]);
    const bytes = reply(value);
    expect(bytes.length).toBe(depth * 4 + (depth / 2) * 4 + 4);
    expect(bytes.endsWith('%1\r\n:0\r\n*1\r\n:1\r\n')).toBe(true);
  });

  test('a reply of several megabytes', () => {
    const values = Array.from({ length: 100_000 }, (_, i) => `value:${i}`);
    expect(reply(values)).toBe(
      `*100000\r\n${values.map((text) => `$${text.length}\r\n${text}\r\n`).join('')}`,
    );
  });

  test('the result has memory of its own and nothing else in it', () => {
    const bytes = encodeReply(['a', 1]);
    expect(bytes.buffer.byteLength).toBe(bytes.byteLength);
  });

  const detached = new Uint8Array(4);
  structuredClone(detached, { transfer: [detached.buffer] });
  class Custom {
    secret = 1;
  }

  test.each<[string, unknown, RegExp]>([
    ['undefined', undefined, /^undefined at \[1\]: use null/],
    ['a function', () => 'secret', /^a function at \[1\]/],
    ['a symbol', Symbol('secret'), /^a symbol at \[1\]/],
    ['an instance of a class', new Custom(), /^an instance of a class .* at \[1\]: convert it/],
    ['a Date', new Date(), /^an instance of a class/],
    ['an error that no server sent', new Error('secret'), /^an instance of a class/],
    ['a detached array', detached, /^a detached Uint8Array at \[1\]/],
    ['a format of two characters', new VerbatimString('x', 'tx'), /^a verbatim string .* at \[1\]: .*three/],
    ['a format of three characters, not bytes', new VerbatimString('x', 'txé'), /^a verbatim string/],
    ['a push as value', { a: new RespPush('p', []) }, /^a push as key or value at \[1\]/],
    [
      'a push with attributes',
      new AttributedReply(new RespPush('p', []) as never, new Map()),
      /^a push with attributes/,
    ],
  ])('%s is refused', (_, value, message) => {
    const error = failure(() => encodeReply(['first', value as RespValue]));
    expect(error).toBeInstanceOf(ReplyValueError);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ name: 'ReplyValueError', code: 'INVALID_REPLY_VALUE' });
    expect(error.path).toEqual([1]);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('secret');
  });

  test('the path leads to the bad value, and its text stays short', () => {
    const inMap = failure(() => encodeReply([0, new Map([['k', [undefined as never]]])]));
    expect(inMap.path).toEqual([1, 1, 0]);
    expect(inMap.message).toContain('at [1][1][0]:');
    let deep: RespValue = [undefined as never];
    for (let i = 0; i < 50; i++) deep = [deep];
    expect(failure(() => encodeReply(deep)).message).toContain(`at […]${'[0]'.repeat(8)}:`);
    expect(failure(() => encodeReply(undefined as never)).message).toMatch(/^undefined: /);
  });

  test.each<[string, () => RespValue]>([
    [
      'an array in itself',
      () => {
        const a: RespValue[] = [];
        a.push([a]);
        return a;
      },
    ],
    [
      'a map in itself',
      () => {
        const m = new Map<RespValue, RespValue>();
        m.set('m', m);
        return m;
      },
    ],
    [
      'an object in itself',
      () => {
        const list: RespValue[] = [];
        list.push({ list });
        return list;
      },
    ],
    [
      'a set in itself',
      () => {
        const s = new Set<RespValue>();
        s.add(s);
        return s;
      },
    ],
    [
      'attributes around themselves',
      () => {
        const list: RespValue[] = [];
        list.push(new AttributedReply(list, new Map()));
        return list;
      },
    ],
    [
      'a value in its attributes',
      () => {
        const m = new Map<RespValue, RespValue>();
        m.set('a', new AttributedReply(1, m));
        return m;
      },
    ],
  ])('%s is refused', (_, make) => {
    for (const protocol of [2, 3] as const) {
      const act = (): string => reply(make(), protocol);
      if (protocol === 2 && _ === 'a value in its attributes') expect(act()).toBe('*2\r\n$1\r\na\r\n:1\r\n');
      else expect(failure(act).message).toMatch(/^a value inside itself/);
    }
  });

  test.each([
    { protocol: 4 },
    { protocol: '3' },
    { streamedChunkBytes: 0 },
    { streamedChunkBytes: 1.5 },
    { streamedChunkBytes: Number.NaN },
  ])('options %o are refused', (options) => {
    expect(() => encodeReply(1, options as never)).toThrow(RangeError);
    expect(() => encodeReply(1, options as never)).toThrow(Object.keys(options)[0]!);
  });
});

describe('encodeNode', () => {
  const text = (value: string): RespNode => ({ type: '$', value });
  const int = (value: number): RespNode => ({ type: ':', value });

  test.each<[string, RespNode, resp3: string, resp2: string]>([
    ['a simple string', { type: '+', value: 'OK' }, '+OK\r\n', '+OK\r\n'],
    ['a simple string of bytes', { type: '+', value: new Uint8Array([0xff]) }, '+\xff\r\n', '+\xff\r\n'],
    ['a simple error', { type: '-', value: new RedisError('no code') }, '-no code\r\n', '-no code\r\n'],
    ['a bulk error', { type: '!', value: new RedisError('ERR x') }, '!5\r\nERR x\r\n', '-ERR x\r\n'],
    [
      'a bulk error of two lines',
      { type: '!', value: new RedisError('ERR x\r\ny') },
      '!8\r\nERR x\r\ny\r\n',
      '-ERR x  y\r\n',
    ],
    ['an integer', { type: ':', value: -5n }, ':-5\r\n', ':-5\r\n'],
    ['an integer as a double', { type: ',', value: 10 }, ',10\r\n', '$2\r\n10\r\n'],
    ['a small number as a big one', { type: '(', value: 5n }, '(5\r\n', '$1\r\n5\r\n'],
    ['a RESP2 null string', { type: '$', value: null }, '$-1\r\n', '$-1\r\n'],
    ['a RESP2 null array', { type: '*', value: null }, '*-1\r\n', '*-1\r\n'],
    ['null', { type: '_', value: null }, '_\r\n', '$-1\r\n'],
    ['a boolean', { type: '#', value: false }, '#f\r\n', ':0\r\n'],
    [
      'a verbatim string',
      { type: '=', value: 'é', format: 'txt' },
      `=6\r\ntxt:${latin1('é')}\r\n`,
      `$2\r\n${latin1('é')}\r\n`,
    ],
    [
      'a verbatim string of bytes',
      { type: '=', value: new Uint8Array([1]), format: 'x y' },
      '=5\r\nx y:\x01\r\n',
      '$1\r\n\x01\r\n',
    ],
    [
      'a set with equal members',
      { type: '~', value: [int(1), int(1)] },
      '~2\r\n:1\r\n:1\r\n',
      '*2\r\n:1\r\n:1\r\n',
    ],
    [
      'a map with equal keys',
      {
        type: '%',
        value: [
          [int(1), int(2)],
          [int(1), int(3)],
        ],
      },
      '%2\r\n:1\r\n:2\r\n:1\r\n:3\r\n',
      '*4\r\n:1\r\n:2\r\n:1\r\n:3\r\n',
    ],
    [
      'a push',
      { type: '>', value: [{ type: '+', value: 'p' }, int(1)] },
      '>2\r\n+p\r\n:1\r\n',
      '*2\r\n+p\r\n:1\r\n',
    ],
    [
      'a push with attributes',
      { type: '>', value: [text('p')], attributes: [[text('a'), int(1)]] },
      '|1\r\n$1\r\na\r\n:1\r\n>1\r\n$1\r\np\r\n',
      '*1\r\n$1\r\np\r\n',
    ],
    [
      'attributes',
      {
        type: '+',
        value: 'v',
        attributes: [
          [text('a'), { type: '*', value: [int(1)] }],
          [text('b'), int(2)],
        ],
      },
      '|2\r\n$1\r\na\r\n*1\r\n:1\r\n$1\r\nb\r\n:2\r\n+v\r\n',
      '+v\r\n',
    ],
    [
      'attributes on an element and in attributes',
      { type: '*', value: [{ ...int(1), attributes: [[{ ...text('k'), attributes: [] }, int(2)]] }] },
      '*1\r\n|1\r\n|0\r\n$1\r\nk\r\n:2\r\n:1\r\n',
      '*1\r\n:1\r\n',
    ],
    [
      'a streamed string',
      { type: '$', value: 'hello', streamed: true },
      '$?\r\n;5\r\nhello\r\n;0\r\n',
      '$5\r\nhello\r\n',
    ],
    ['an empty streamed string', { type: '$', value: '', streamed: true }, '$?\r\n;0\r\n', '$0\r\n\r\n'],
    [
      'a streamed array',
      { type: '*', value: [int(1), { type: '~', value: [], streamed: true }], streamed: true },
      '*?\r\n:1\r\n~?\r\n.\r\n.\r\n',
      '*2\r\n:1\r\n*0\r\n',
    ],
    [
      'a streamed map',
      { type: '%', value: [[text('a'), int(1)]], streamed: true },
      '%?\r\n$1\r\na\r\n:1\r\n.\r\n',
      '*2\r\n$1\r\na\r\n:1\r\n',
    ],
    [
      'a streamed array with attributes',
      { type: '*', value: [], streamed: true, attributes: [[text('a'), int(1)]] },
      '|1\r\n$1\r\na\r\n:1\r\n*?\r\n.\r\n',
      '*0\r\n',
    ],
  ])('%s', (_, tree, resp3, resp2) => {
    expect(node(tree, 3)).toBe(resp3);
    expect(node(tree, 2)).toBe(resp2);
  });

  test.each<[string | Uint8Array]>([['hellö'], [new TextEncoder().encode('hellö')]])(
    'a streamed string in chunks of two bytes: %o',
    (value) => {
      const bytes = encodeNode({ type: '$', value, streamed: true }, { streamedChunkBytes: 2 });
      expect(Buffer.from(bytes).toString()).toBe('$?\r\n;2\r\nhe\r\n;2\r\nll\r\n;2\r\nö\r\n;0\r\n');
    },
  );

  test('100,000 levels, with attributes', () => {
    let tree: RespNode = { type: '_', value: null };
    for (let i = 0; i < 100_000; i++) tree = { type: '*', value: [tree], attributes: [] };
    expect(node(tree) === `${'|0\r\n*1\r\n'.repeat(100_000)}_\r\n`).toBe(true);
  });

  test.each<[string, unknown, RegExp]>([
    ['no object', 'OK', /^no node/],
    ['null', null, /^no node/],
    ['an unknown type', { type: '?', value: 1 }, /^no node/],
    ['attributes as a type', { type: '|', value: [] }, /^no node/],
    [
      'a line break in a simple string',
      { type: '+', value: 'a\nb' },
      /^a simple type with a line break.*: use '\$'/,
    ],
    ['a line break in bytes', { type: '+', value: new Uint8Array([13]) }, /^a simple type with a line break/],
    [
      'a line break in a simple error',
      { type: '-', value: new RedisError('a\rb') },
      /^a simple type with a line break/,
    ],
    ['a number as text', { type: '$', value: 5 }, /^a text that is neither/],
    ['a missing value', { type: '$' }, /^a text that is neither/],
    ['another error', { type: '-', value: new Error('x') }, /^an error that is no RedisError/],
    ['an unsafe integer', { type: ':', value: 2 ** 53 }, /^a : that is no safe integer/],
    ['an integer beyond int64', { type: ':', value: 2n ** 63n }, /^a : that is no safe integer/],
    ['a fraction as an integer', { type: ':', value: 0.5 }, /^a : that is no safe integer/],
    ['a bigint as a double', { type: ',', value: 5n }, /^a , that is no number/],
    ['a number as a big number', { type: '(', value: 5 }, /^a \( that is no bigint/],
    ['a number as a boolean', { type: '#', value: 1 }, /^a # that is no boolean/],
    ['a format of four characters', { type: '=', value: '', format: 'text' }, /^a verbatim string/],
    ['no format', { type: '=', value: '' }, /^a verbatim string/],
    ['an array without elements', { type: '*', value: 'abc' }, /^an aggregate without elements/],
    ['a set of null', { type: '~', value: null }, /^an aggregate without elements/],
    ['half a pair', { type: '%', value: [[{ type: '_', value: null }]] }, /^pairs that are none/],
    ['attributes that are no pairs', { type: '_', value: null, attributes: {} }, /^pairs that are none/],
    ['a push without elements', { type: '>', value: [] }, /^a push without a type/],
    [
      'a push whose type is a number',
      { type: '>', value: [{ type: ':', value: 1 }] },
      /^a push without a type/,
    ],
    ['a streamed integer', { type: ':', value: 1, streamed: true }, /^a streamed :/],
    ['a streamed null', { type: '$', value: null, streamed: true }, /^a streamed \$/],
  ])('%s is refused', (_, tree, message) => {
    const error = failure(() => encodeNode(tree as RespNode));
    expect(error).toMatchObject({ code: 'INVALID_REPLY_VALUE', path: [] });
    expect(error.message).toMatch(message);
  });

  test('a node inside itself is refused, also behind attributes', () => {
    const elements: RespNode[] = [];
    const loop: RespNode = { type: '*', value: elements, attributes: [] };
    elements.push(loop);
    expect(failure(() => encodeNode(loop)).message).toMatch(/^a value inside itself/);
  });
});

test('headers count exactly what follows: an independent reader gets every value back', () => {
  const tree = fc.letrec<{ value: RespValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.string({ unit: 'binary', maxLength: 30 }),
      fc.maxSafeInteger(),
      fc.bigInt().filter((integer) => !Number.isSafeInteger(Number(integer))),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true }),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.array(tie('value'), { maxLength: 5 }).map((values) => new Set(values)),
      fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 5 }).map((pairs) => new Map(pairs)),
    ),
  })).value;
  fc.assert(
    fc.property(tree, (value) => {
      expect(readBack(encodeReply(value))).toEqual(value);
    }),
  );
});

/** A recursive reader of the types that the property above makes. */
function readBack(bytes: Uint8Array): RespValue {
  const wire = Buffer.from(bytes);
  let at = 0;
  const line = (): string => {
    const end = wire.indexOf('\r\n', at);
    const text = wire.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  const bulk = (length: number): string => {
    const text = wire.toString('utf8', at, at + length);
    expect(wire.toString('latin1', at + length, at + length + 2)).toBe('\r\n');
    at += length + 2;
    return text;
  };
  const list = (length: number): RespValue[] => Array.from({ length }, read);
  function read(): RespValue {
    const header = line();
    const rest = header.slice(1);
    switch (header[0]) {
      case '$':
        return bulk(Number(rest));
      case ':':
        return Number.isSafeInteger(Number(rest)) ? Number(rest) : BigInt(rest);
      case '(':
        return BigInt(rest);
      case ',':
        return Number(rest.replace('inf', 'Infinity'));
      case '#':
        return rest === 't';
      case '_':
        return null;
      case '*':
        return list(Number(rest));
      case '~':
        return new Set(list(Number(rest)));
      case '%':
        return new Map(Array.from({ length: Number(rest) }, () => [read(), read()]));
      default:
        throw new Error(`unexpected ${header}`);
    }
  }
  const value = read();
  expect(at).toBe(wire.length);
  return value;
}
