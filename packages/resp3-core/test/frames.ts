import { AttributedReply, RedisError, RespPush, type RespValue, VerbatimString } from '../src/index.js';
import type { EngineOptions } from '../src/options.js';
import { event } from './decode.js';

/** Bytes of whole replies, in Latin-1, and what must come out of them. */
export interface Frame {
  readonly input: string;
  readonly options: EngineOptions;
  readonly expected: readonly string[];
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const map = (...pairs: [RespValue, RespValue][]): Map<RespValue, RespValue> => new Map(pairs);
const set = (...members: RespValue[]): Set<RespValue> => new Set(members);
const object = (entries: [string, RespValue][]): { [key: string]: RespValue } => {
  const target = Object.create(null) as { [key: string]: RespValue };
  for (const [key, value] of entries) target[key] = value;
  return target;
};

const reply = (value: unknown, attributes?: unknown): string => event('reply', value, attributes);
const error = (message: string, attributes?: unknown): string =>
  event('error', new RedisError(message), attributes);
const push = (pushType: string, ...data: RespValue[]): string => event('push', new RespPush(pushType, data));

const frames: Frame[] = [];
/** One frame; `\n` stands for CRLF unless the text has CRLFs of its own. */
function frame(input: string, expected: string | string[], options: EngineOptions = {}): void {
  frames.push({
    input: input.includes('\r') ? input : input.replaceAll('\n', '\r\n'),
    options,
    expected: typeof expected === 'string' ? [expected] : expected,
  });
}

// Simple strings and errors.
frame('+OK\n', reply('OK'));
frame('+\n', reply(''));
frame('+O\n', reply('O'));
frame('+OKAY\n', reply('OKAY'));
frame('+QUEUED\n', reply('QUEUED'));
frame(`+${utf8('grüße 😀')}\n`, reply('grüße 😀'));
frame(`+${'long '.repeat(50)}\n`, reply('long '.repeat(50)));
frame('+a+b:c$d\n', reply('a+b:c$d'));
frame('+OK\n', reply(bytes('OK')), { replies: 'bytes' });
frame('+\n', reply(bytes('')), { replies: 'bytes' });
frame('-ERR unknown command\n', error('ERR unknown command'));
frame('-WRONGTYPE Operation against a key\n', error('WRONGTYPE Operation against a key'));
frame('-\n', error(''));
frame('-lower case\n', error('lower case'));
frame('-MOVED 3999 127.0.0.1:6381\n', error('MOVED 3999 127.0.0.1:6381'), { replies: 'bytes' });
frame('!21\nSYNTAX invalid syntax\n', error('SYNTAX invalid syntax'));
frame('!9\r\nERR a\r\nbc\r\n', error('ERR a\r\nbc'));
frame('!0\n\n', error(''), { replies: 'bytes' });

// Integers.
for (const [text, value] of [
  ['0', 0],
  ['-0', 0],
  ['+5', 5],
  ['-5', -5],
  ['007', 7],
  ['1000', 1000],
  ['999999999999999', 999999999999999],
  ['1000000000000000', 1000000000000000],
  ['9007199254740991', 9007199254740991],
  ['-9007199254740991', -9007199254740991],
  ['+9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992n],
  ['9007199254740993', 9007199254740993n],
  ['-9007199254740992', -9007199254740992n],
  ['9223372036854775807', 9223372036854775807n],
  ['+9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808', -9223372036854775808n],
  ['00000000000000000001', 1],
  ['-00000000000000000000', 0],
] as const) {
  frame(`:${text}\n`, reply(value));
}

// Bulk strings.
frame('$5\nhello\n', reply('hello'));
frame('$0\n\n', reply(''));
frame('$1\na\n', reply('a'));
frame('$005\nhello\n', reply('hello'));
frame('$6\r\na\r\nb\r\n\r\n', reply('a\r\nb\r\n'));
frame('$2\r\n\r\n\r\n', reply('\r\n'));
frame('$8\r\n$3\r\nabc\r\r\n', reply('$3\r\nabc\r'));
frame(`$12\n${utf8('é€😀abc')}\n`, reply('é€😀abc'));
frame(`$3\n${utf8('\ufeff')}\n`, reply('\ufeff'));
frame('$3\n\xff\xfe\x80\n', reply('\ufffd\ufffd\ufffd'));
frame('$2\n\xe2\x82\n', reply('\ufffd'));
frame('$3\n\0\x01\x7f\n', reply('\0\x01\x7f'));
frame('$3\n\xff\0\x80\n', reply(bytes('\xff\0\x80')), { replies: 'bytes' });
frame('$0\n\n', reply(bytes('')), { replies: 'bytes' });
for (const size of [12, 13, 31, 32, 33, 399, 400, 401, 511, 512, 513, 1023, 1024, 1025, 3000]) {
  const text = 'abcdefghij'.repeat(300).slice(0, size);
  frame(`$${size}\n${text}\n$${size}\n${text}\n`, [reply(text), reply(text)]);
}
frame('$3\nabc\n'.repeat(20), Array<string>(20).fill(reply('abc')));

// Nulls.
frame('_\n', reply(null));
frame('$-1\n', reply(null));
frame('*-1\n', reply(null));
frame('$-1\n', reply(null), { replies: 'bytes' });
frame('*3\n$-1\n*-1\n_\n', reply([null, null, null]));

// Booleans, doubles, big numbers.
frame('#t\n#f\n', [reply(true), reply(false)]);
for (const [text, value] of [
  ['3.25', 3.25],
  ['10', 10],
  ['0', 0],
  ['-0', -0],
  ['-0.0', -0],
  ['+1.5', 1.5],
  ['-1.5', -1.5],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['5.', 5],
  ['1e21', 1e21],
  ['1E-7', 1e-7],
  ['1.5e+300', 1.5e300],
  ['1e999', Infinity],
  ['1e-999', 0],
  ['0.10000000000000001', 0.1],
  ['0.1', 0.1],
  ['0.3', 0.3],
  ['1.7976931348623157e+308', Number.MAX_VALUE],
  ['5e-324', Number.MIN_VALUE],
  ['123456789012345', 123456789012345],
  ['12345678901234567', 12345678901234568],
  ['1234567.12345678', 1234567.12345678],
  ['0.000000000000001', 1e-15],
  ['inf', Infinity],
  ['+inf', Infinity],
  ['-inf', -Infinity],
  ['INF', Infinity],
  ['-Inf', -Infinity],
  ...[
    'nan',
    '-nan',
    '+nan',
    'NaN',
    'NAN',
    '-NAN',
    'nan()',
    'nan(0x8000000000000)',
    '-nan(char_sequence_1)',
  ].map((spelling) => [spelling, Number.NaN] as const),
] as const) {
  frame(`,${text}\n`, reply(value));
}
frame('(3492890328409238509324850943850943825024385\n', reply(3492890328409238509324850943850943825024385n));
frame('(-0012\n(+7\n(0\n', [reply(-12n), reply(7n), reply(0n)]);
frame(`(${'9'.repeat(300)}\n`, reply(10n ** 300n - 1n));

// Verbatim strings.
frame('=15\ntxt:Some string\n', reply(new VerbatimString('Some string', 'txt')));
frame('=4\nmkd:\n', reply(new VerbatimString('', 'mkd')));
frame('=8\r\ntxt:a\r\nb\r\n', reply(new VerbatimString('a\r\nb', 'txt')));
frame('=7\nt  :abc\n', reply(new VerbatimString('abc', 't  ')));
frame('=7\nt:t:abc\n', reply(new VerbatimString('abc', 't:t')));
frame(`=8\n\xc3\xa9x:${utf8('éé')}\n`, reply(new VerbatimString('éé', '\xc3\xa9x')));
frame('=15\ntxt:Some string\n', reply('Some string'), { verbatim: 'text' });
frame('=15\ntxt:Some string\n', reply(bytes('Some string')), { replies: 'bytes' });
frame('=4\ntxt:\n', reply(bytes('')), { replies: 'bytes' });

// Arrays and sets.
frame('*0\n', reply([]));
frame('*3\n:1\n$1\na\n+b\n', reply([1, 'a', 'b']));
frame('*3\n:1\n$1\na\n+b\n', reply([1, bytes('a'), bytes('b')]), { replies: 'bytes' });
frame('*2\n*2\n:1\n*0\n*1\n*1\n*1\n_\n', reply([[1, []], [[[null]]]]));
frame('*2\n-ERR a\n!5\nERR b\n', reply([new RedisError('ERR a'), new RedisError('ERR b')]));
frame(`*20\n${':7\n'.repeat(20)}`, reply(Array(20).fill(7)));
frame(`*200\n${'$2\nxy\n'.repeat(200)}`, reply(Array(200).fill('xy')));
frame('~0\n', reply(set()));
frame('~3\n:1\n:2\n:1\n', reply(set(1, 2)));
frame('~2\n*0\n*0\n', reply(set([], [])));
frame('~3\n:1\n:2\n:1\n', reply([1, 2, 1]), { sets: 'array' });
frame('~2\n$1\na\n:1\n', reply([bytes('a'), 1]), { replies: 'bytes' });
frame('*3\n~1\n+a\n%1\n+k\n~0\n:1\n', reply([set('a'), map(['k', set()]), 1]));

// Maps.
frame('%0\n', reply(map()));
frame('%2\n+a\n:1\n$1\nb\n_\n', reply(map(['a', 1], ['b', null])));
frame('%3\n:0\n#f\n:1\n#t\n:2\n#f\n', reply(map([0, false], [1, true], [2, false])));
frame('%2\n+a\n:1\n+a\n:2\n', reply(map(['a', 2])));
frame('%2\n*1\n:1\n+x\n%1\n+k\n+v\n~1\n:1\n', reply(map([[1], 'x'], [map(['k', 'v']), set(1)])));
frame('%1\n$-1\n-ERR x\n', reply(map([null, new RedisError('ERR x')])));
frame(
  '%2\n+a\n:1\n+b\n%1\n+c\n:2\n',
  reply(
    object([
      ['a', 1],
      ['b', object([['c', 2]])],
    ]),
  ),
  { maps: 'object' },
);
frame(
  '%1\n$9\n__proto__\n%1\n$11\nconstructor\n:1\n',
  reply(object([['__proto__', object([['constructor', 1]])]])),
  { maps: 'object' },
);
frame('%2\n+a\n:1\n+a\n:2\n', reply(object([['a', 2]])), { maps: 'object' });
frame('%2\n+a\n:1\n:7\n:2\n', reply(map(['a', 1], [7, 2])), { maps: 'object' });
frame('%0\n', reply(object([])), { maps: 'object' });
frame(
  '%2\n+a\n:1\n+a\n%0\n',
  reply([
    ['a', 1],
    ['a', []],
  ]),
  { maps: 'entries' },
);
frame('%1\n$1\na\n$1\nb\n', reply([[bytes('a'), bytes('b')]]), { replies: 'bytes' });
frame('%1\n$1\na\n%0\n', reply([[bytes('a'), []]]), { replies: 'bytes', maps: 'object' });
frame('%1\n$9\n__proto__\n:1\n', reply(map(['__proto__', 1])));
frame(
  `%40\n${Array.from({ length: 40 }, (_, i) => `$7\nfield${i + 10}\n:${i}\n`).join('')}`,
  reply(new Map(Array.from({ length: 40 }, (_, i) => [`field${i + 10}`, i]))),
);

// Attributes.
const popularity = '|1\n+key-popularity\n%2\n$1\na\n,0.1923\n$1\nb\n,0.0012\n';
const popular = map(['key-popularity', map(['a', 0.1923], ['b', 0.0012])]);
frame(`${popularity}*2\n:2039123\n:9543892\n`, reply([2039123, 9543892], popular));
frame('|1\n+ttl\n:5\n+a\n+b\n', [reply('a', map(['ttl', 5])), reply('b')]);
frame('|1\n+a\n:1\n|2\n+b\n:2\n+a\n:3\n_\n', reply(null, map(['a', 3], ['b', 2])));
frame('|0\n+a\n', reply('a', map()));
frame('|1\n+ttl\n:5\n-ERR x\n', error('ERR x', map(['ttl', 5])));
frame('|1\n+ttl\n:5\n>1\n+bye\n:1\n', [event('push', new RespPush('bye', []), map(['ttl', 5])), reply(1)]);
frame('*3\n:1\n:2\n|1\n+ttl\n:3600\n:3\n', reply([1, 2, 3]));
frame('|1\n+a\n|1\n+b\n:1\n:2\n:3\n', reply(3, map(['a', 2])));
frame(
  '|1\n:1\n|1\n+x\n+y\n*0\n%1\n|1\n+k\n+k\n+key\n|1\n+v\n+v\n+value\n',
  reply(map(['key', 'value']), map([1, []])),
);
frame('|1\n$1\nk\n$1\nv\n$1\nx\n', reply(bytes('x'), map(['k', 'v'])), { replies: 'bytes' });
frame('|1\n$1\nk\n$1\nv\n*1\n|1\n$1\nk\n$1\nv\n$1\nx\n', reply([bytes('x')], map(['k', 'v'])), {
  replies: 'bytes',
});
frame(`${popularity}:1\n`, reply(new AttributedReply(1, popular)), { attributes: 'wrap' });
frame(
  '*2\n:1\n|1\n+ttl\n:9\n%1\n|1\n+k\n+v\n+a\n:2\n',
  reply([1, new AttributedReply(map([new AttributedReply('a', map(['k', 'v'])), 2]), map(['ttl', 9]))]),
  { attributes: 'wrap' },
);
frame(
  '|1\n+a\n|1\n+b\n:1\n:2\n:3\n',
  reply(new AttributedReply(3, map(['a', new AttributedReply(2, map(['b', 1]))]))),
  {
    attributes: 'wrap',
  },
);
frame('|1\n+a\n:1\n|1\n+b\n:2\n*0\n', reply(new AttributedReply([], map(['a', 1], ['b', 2]))), {
  attributes: 'wrap',
});
frame('|0\n+a\n', reply(new AttributedReply('a', map())), { attributes: 'wrap' });
frame('|1\n+ttl\n:5\n-ERR x\n', error('ERR x', map(['ttl', 5])), { attributes: 'wrap' });
frame('*1\n|1\n+ttl\n:5\n-ERR x\n', reply([new AttributedReply(new RedisError('ERR x'), map(['ttl', 5]))]), {
  attributes: 'wrap',
});
frame('%1\n|1\n+k\n+v\n+a\n:2\n', reply(map([new AttributedReply('a', map(['k', 'v'])), 2])), {
  attributes: 'wrap',
  maps: 'object',
});

// Pushes.
frame('>3\n$7\nmessage\n$4\nnews\n$2\nhi\n', push('message', 'news', 'hi'));
frame('>4\n$8\npmessage\n$2\nn*\n$4\nnews\n$2\nhi\n', push('pmessage', 'n*', 'news', 'hi'));
frame('>3\n+subscribe\n+news\n:1\n', push('subscribe', 'news', 1));
frame('>2\n$10\ninvalidate\n*1\n$1\nk\n', push('invalidate', ['k']));
frame('>2\n$10\ninvalidate\n_\n', push('invalidate', null));
frame('>1\n+bye\n', push('bye'));
frame('>1\n+\n', push(''));
frame('>2\n=7\ntxt:abc\n:1\n', push('abc', 1));
frame('>2\n=7\ntxt:abc\n:1\n', push('abc', 1), { verbatim: 'text' });
frame('>2\n$?\n;3\nabc\n;0\n:1\n', push('abc', 1));
frame('>2\n|1\n+a\n+b\n+abc\n:1\n', push('abc', 1));
frame('>2\n|1\n+a\n+b\n+abc\n:1\n', push('abc', 1), { attributes: 'wrap' });
frame('>2\n+message\n$1\na\n+OK\n', [push('message', 'a'), reply(bytes('OK'))], { replies: 'bytes' });
frame('>2\n+message\n$1\na\n$1\nb\n', [push('message', bytes('a')), reply('b')], { pushReplies: 'bytes' });
frame('>2\n$?\n;3\nabc\n;0\n$1\na\n', push('abc', bytes('a')), { pushReplies: 'bytes' });
frame('>2\n=7\ntxt:abc\n=5\ntxt:d\n', push('abc', bytes('d')), { pushReplies: 'bytes' });
frame('>2\n|1\n+a\n$1\nb\n+abc\n%1\n+x\n~1\n+y\n', push('abc', [[bytes('x'), [bytes('y')]]]), {
  pushReplies: 'bytes',
});
frame('>2\n+raw\n$1\na\n>2\n+text\n$1\na\n', [push('raw', bytes('a')), push('text', 'a')], {
  pushReplies: (type) => (type === 'raw' ? 'bytes' : 'string'),
});
frame('*2\n:1\n>3\n$7\nmessage\n+a\n+x\n:2\n', [push('message', 'a', 'x'), reply([1, 2])]);
frame('*1\n>2\n+a\n>2\n+b\n+c\n+d\n:1\n', [push('b', 'c'), push('a', 'd'), reply([1])]);
frame('%1\n>1\n+p\n+k\n>1\n+p\n+v\n', [push('p'), push('p'), reply(map(['k', 'v']))]);
frame('*2\n>2\n+a\n$1\nx\n$1\ny\n>1\n+z\n:1\n', [push('a', 'x'), push('z'), reply([bytes('y'), 1])], {
  replies: 'bytes',
});
frame('*?\n>1\n+p\n:1\n>1\n+p\n.\n', [push('p'), push('p'), reply([1])]);
frame('>2\n+a\n-ERR x\n', push('a', new RedisError('ERR x')));

// Streamed forms.
frame('$?\n;4\nHell\n;5\no wor\n;1\nd\n;0\n', reply('Hello word'));
frame('$?\n;0\n', reply(''));
frame('$?\n;0\n', reply(bytes('')), { replies: 'bytes' });
frame('$?\r\n;1\r\n\xff\r\n;2\r\n\r\n\r\n;0\r\n', reply(bytes('\xff\r\n')), { replies: 'bytes' });
frame('$?\n;1\n\xf0\n;2\n\x9f\x98\n;2\n\x80!\n;0\n', reply('😀!'));
frame('*?\n:1\n:2\n.\n', reply([1, 2]));
frame('*?\n.\n~?\n.\n%?\n.\n', [reply([]), reply(set()), reply(map())]);
frame('~?\n:1\n:1\n.\n', reply(set(1)));
frame('%?\n+a\n:1\n+b\n:2\n.\n', reply(map(['a', 1], ['b', 2])));
frame('%?\n+a\n:1\n.\n', reply(object([['a', 1]])), { maps: 'object' });
frame('%?\n+a\n:1\n.\n', reply([[bytes('a'), 1]]), { replies: 'bytes' });
frame(
  '*?\n*?\n*?\n.\n%?\n+k\n~?\n$?\n;1\na\n;0\n.\n.\n.\n$?\n;0\n.\n',
  reply([[[], map(['k', set('a')])], '']),
);
frame('*2\n*?\n:1\n.\n:2\n', reply([[1], 2]));
frame(`*?\n${':1\n'.repeat(300)}.\n`, reply(Array(300).fill(1)));
frame('|1\n+a\n*?\n.\n*?\n|1\n+x\n$?\n;1\ny\n;0\n$?\n;1\nz\n;0\n.\n', reply(['z'], map(['a', []])));

// Trees with the RESP type of every value.
const text = (value: string) => ({ type: '+', value });
const typed: EngineOptions = { typed: true };
frame(
  '+OK\n$2\nOK\n:1\n,1\n(1\n#t\n_\n$-1\n*-1\n',
  [
    reply(text('OK')),
    reply({ type: '$', value: 'OK' }),
    reply({ type: ':', value: 1 }),
    reply({ type: ',', value: 1 }),
    reply({ type: '(', value: 1n }),
    reply({ type: '#', value: true }),
    reply({ type: '_', value: null }),
    reply({ type: '$', value: null }),
    reply({ type: '*', value: null }),
  ],
  typed,
);
frame(
  '-ERR x\n!5\nERR x\n=5\ntxt:x\n',
  [
    reply({ type: '-', value: new RedisError('ERR x') }),
    reply({ type: '!', value: new RedisError('ERR x') }),
    reply({ type: '=', value: 'x', format: 'txt' }),
  ],
  typed,
);
frame('*1\n~2\n+a\n+a\n', reply({ type: '*', value: [{ type: '~', value: [text('a'), text('a')] }] }), typed);
frame(
  '%2\n+a\n+b\n+a\n+c\n',
  reply({
    type: '%',
    value: [
      [text('a'), text('b')],
      [text('a'), text('c')],
    ],
  }),
  typed,
);
frame(
  '*1\n>2\n+a\n:1\n:2\n',
  [
    reply({ type: '>', value: [text('a'), { type: ':', value: 1 }] }),
    reply({ type: '*', value: [{ type: ':', value: 2 }] }),
  ],
  typed,
);
frame(
  '|1\n+k\n+v\n|1\n+k\n+w\n>1\n|1\n+a\n+b\n+p\n',
  reply({
    type: '>',
    value: [{ type: '+', value: 'p', attributes: [[text('a'), text('b')]] }],
    attributes: [
      [text('k'), text('v')],
      [text('k'), text('w')],
    ],
  }),
  typed,
);
frame('|0\n:1\n', reply({ type: ':', value: 1, attributes: [] }), typed);
frame(
  '$?\n;1\na\n;0\n*?\n~?\n.\n%?\n.\n.\n',
  [
    reply({ type: '$', value: 'a', streamed: true }),
    reply({
      type: '*',
      value: [
        { type: '~', value: [], streamed: true },
        { type: '%', value: [], streamed: true },
      ],
      streamed: true,
    }),
  ],
  typed,
);
frame(
  '|1\n$1\nk\n$1\nv\n=5\ntxt:x\n%1\n$1\na\n+b\n',
  [
    reply({
      type: '=',
      value: bytes('x'),
      format: 'txt',
      attributes: [
        [
          { type: '$', value: 'k' },
          { type: '$', value: 'v' },
        ],
      ],
    }),
    reply({
      type: '%',
      value: [
        [
          { type: '$', value: bytes('a') },
          { type: '+', value: bytes('b') },
        ],
      ],
    }),
  ],
  { typed: true, replies: 'bytes', attributes: 'wrap', maps: 'object' },
);
frame('>2\n+raw\n$1\na\n', reply({ type: '>', value: [text('raw'), { type: '$', value: bytes('a') }] }), {
  typed: true,
  pushReplies: (type) => (type === 'raw' ? 'bytes' : 'string'),
});

export { frames };
