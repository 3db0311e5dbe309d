import { afterEach, describe, expect, test, vi } from 'vitest';
import { RespDecoder, type RespDecoderHandlers } from './decoder.js';
import { ProtocolError, RedisError } from './errors.js';
import { RespPush, type RespValue } from './values.js';

const crlf = (text: string): Uint8Array => Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
const ignore: RespDecoderHandlers = { onReply() {}, onErrorReply() {}, onPush() {} };

/** Every way to cut the bytes in two, also not at all. */
function eachSplit(bytes: Uint8Array, act: (head: Uint8Array, tail: Uint8Array) => void): void {
  for (let cut = 0; cut < bytes.length; cut++) {
    act(Buffer.from(bytes.subarray(0, cut)), Buffer.from(bytes.subarray(cut)));
  }
}

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('handlers', () => {
  test('errors that are replies go to onErrorReply, those inside of replies are values', () => {
    const seen: [string, unknown][] = [];
    const decoder = new RespDecoder({
      onReply: (value) => seen.push(['reply', value]),
      onErrorReply: (error) => seen.push(['error', error]),
      onPush: (push) => seen.push(['push', push]),
    });
    decoder.write(crlf('-ERR a\n*1\n-EXECABORT b\n>1\n+bye\n'));
    expect(seen).toEqual([
      ['error', new RedisError('ERR a')],
      ['reply', [new RedisError('EXECABORT b')]],
      ['push', new RespPush('bye', [])],
    ]);
    expect(seen.map(([, value]) => (value as RedisError).code).slice(0, 1)).toEqual(['ERR']);
  });

  test.each([
    ['WRONGTYPE Operation', 'WRONGTYPE'],
    ['ERR', 'ERR'],
    ['NOSCRIPT', 'NOSCRIPT'],
    ['user message', 'ERR'],
    ['', 'ERR'],
    ['-X', 'ERR'],
  ])('the code of "%s" is %s', (message, code) => {
    let seen: RedisError | undefined;
    const decoder = new RespDecoder({ ...ignore, onErrorReply: (error) => (seen = error) });
    decoder.write(crlf(`-${message}\n`));
    expect(seen).toMatchObject({ name: 'RedisError', message, code });
  });

  test('one that throws does not keep the rest of the chunk from the others', () => {
    const input = crlf(
      '+1\n>2\n+message\n+m\n-ERR e\n*2\n>1\n+inner\n:1\n:2\n|1\n+a\n:1\n+2\n$5\nhello\n+3\n',
    );
    const all: string[] = [];
    const listen = (seen: string[], throwAt?: number): RespDecoderHandlers => {
      const note = (value: unknown): void => {
        seen.push(JSON.stringify(value));
        if (seen.length - 1 === throwAt) throw new Error(`thrown at ${throwAt}`);
      };
      return { onReply: note, onErrorReply: note, onPush: note };
    };
    new RespDecoder(listen(all)).write(input);
    expect(all).toHaveLength(8);
    for (let at = 0; at < all.length; at++) {
      eachSplit(input, (head, tail) => {
        const seen: string[] = [];
        const decoder = new RespDecoder(listen(seen, at));
        const errors = [head, tail].map((chunk) => thrownBy(() => decoder.write(chunk)));
        expect(seen).toEqual(all);
        expect(errors.filter((error) => error !== undefined)).toEqual([new Error(`thrown at ${at}`)]);
        expect(decoder.offset).toBe(input.length);
      });
    }
  });

  test('several that throw give one AggregateError', () => {
    let calls = 0;
    const decoder = new RespDecoder({
      ...ignore,
      onReply: (value) => {
        calls++;
        throw new Error(String(value));
      },
    });
    const error = thrownBy(() => decoder.write(crlf(':1\n:2\n:3\n')));
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors).toEqual([new Error('1'), new Error('2'), new Error('3')]);
    expect(calls).toBe(3);
    expect(thrownBy(() => decoder.write(crlf(':4\n')))).toEqual(new Error('4'));
  });

  test('what they threw is the cause of a protocol error in the same chunk', () => {
    const boom = new Error('boom');
    const decoder = new RespDecoder({
      ...ignore,
      onReply: () => {
        throw boom;
      },
    });
    const error = thrownBy(() => decoder.write(crlf(':1\n?')));
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as ProtocolError).cause).toBe(boom);
  });

  test('reset() in one drops the rest of the chunk, and the next chunk is a new stream', () => {
    const input = crlf('+a\n>1\n+stop\n+b\n*1\n:1\n');
    eachSplit(input, (head, tail) => {
      const seen: unknown[] = [];
      const decoder = new RespDecoder({
        ...ignore,
        onReply: (value) => seen.push(value),
        onPush: () => {
          decoder.reset();
          seen.push('stop');
        },
      });
      decoder.write(head);
      if (seen.includes('stop')) return;
      decoder.write(tail);
      expect(seen).toEqual(['a', 'stop']);
      expect([decoder.offset, decoder.pending]).toEqual([0, false]);
      decoder.write(crlf(':7\n'));
      expect(seen).toEqual(['a', 'stop', 7]);
      expect(decoder.offset).toBe(4);
    });
  });

  test('reset() in one that is called inside of a reply forgets that reply', () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({
      ...ignore,
      onReply: (value) => seen.push(value),
      onPush: () => decoder.reset(),
    });
    decoder.write(crlf('*2\n:1\n>1\n+p\n:2\n:3\n'));
    decoder.write(crlf(':4\n'));
    expect(seen).toEqual([4]);
  });

  test('write() in one is refused, and does no harm', () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({
      ...ignore,
      onReply: (value) => {
        seen.push(value);
        if (value === 1) decoder.write(crlf(':9\n'));
      },
    });
    const error = thrownBy(() => decoder.write(crlf(':1\n:2\n')));
    expect(error).toEqual(new Error('write() was called by a handler of the same decoder'));
    decoder.write(crlf(':3\n'));
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe('a string that the engine cannot hold', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test.each(['$', '=', '!', '$?'])(
    'as %s is an error in its place, and the next replies are right',
    (type) => {
      const content = `txt:${'a'.repeat(996)}`;
      const bulk = type === '$?' ? `$?\n;1000\n${content}\n;0\n` : `${type}1000\n${content}\n`;
      const seen: unknown[] = [];
      const decoder = new RespDecoder({
        ...ignore,
        onReply: (value) => seen.push(value),
        onErrorReply: (error) => seen.push(error),
      });
      const cause = new Error('Cannot create a string longer than 0x1fffffe8 characters');
      for (const name of ['latin1Slice', 'utf8Slice'] as const) {
        const methods = Buffer.prototype as unknown as Record<
          typeof name,
          (start: number, end: number) => string
        >;
        const slice = methods[name];
        vi.spyOn(methods, name).mockImplementation(function (this: Buffer, start, end) {
          if (end - start > 900) throw cause;
          return slice.call(this, start, end);
        });
      }
      decoder.write(crlf(`${bulk}*2\n${bulk}:1\n:2\n`));
      const error = expect.objectContaining({ name: 'RedisError', code: 'STRINGTOOLONG', cause });
      expect(seen).toEqual([error, [error, 1], 2]);
    },
  );
});

describe('the state of a decoder', () => {
  test('pending is true from the first byte of a reply to its last', () => {
    const input = crlf('|1\n+a\n$1\nb\n*2\n|0\n$3\nabc\n%?\n$?\n;1\nx\n;0\n,1.5\n.\n');
    const decoder = new RespDecoder(ignore);
    expect(decoder.pending).toBe(false);
    input.forEach((byte, at) => {
      decoder.write(Uint8Array.of(byte));
      expect({ at, pending: decoder.pending }).toEqual({ at, pending: at < input.length - 1 });
      expect(decoder.offset).toBe(at + 1);
    });
  });

  test('empty attributes are a beginning too', () => {
    const decoder = new RespDecoder(ignore);
    decoder.write(crlf('|0\n'));
    expect(decoder.pending).toBe(true);
  });

  test('an empty chunk changes nothing', () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({ ...ignore, onReply: (value) => seen.push(value) });
    for (const byte of crlf('*1\n$1\na\n')) {
      decoder.write(new Uint8Array(0));
      decoder.write(Uint8Array.of(byte));
    }
    expect(seen).toEqual([['a']]);
  });

  test('after a protocol error it refuses everything until reset()', () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({ ...ignore, onReply: (value) => seen.push(value) });
    expect(thrownBy(() => decoder.write(crlf('*2\n:1\n:x')))).toMatchObject({
      code: 'INVALID_VALUE',
      offset: 9,
    });
    expect(decoder.pending).toBe(false);
    for (let i = 0; i < 2; i++) {
      const error = thrownBy(() => decoder.write(crlf(':1\n')));
      expect(error).toBeInstanceOf(ProtocolError);
      expect(error).toMatchObject({ code: 'DECODER_FAILED', offset: 9 });
    }
    decoder.reset();
    decoder.write(crlf(':2\n'));
    expect(seen).toEqual([2]);
  });

  test('reset() forgets a half reply, wherever it was cut', () => {
    const input = crlf('|1\n+a\n*2\n$5\nhello\n%1\n=8\ntxt:abcd\n$?\n;2\nab\n;0\n');
    eachSplit(input, (head) => {
      const seen: unknown[] = [];
      const decoder = new RespDecoder({ ...ignore, onReply: (value, beside) => seen.push([value, beside]) });
      decoder.write(head);
      decoder.reset();
      decoder.write(crlf('$2\nok\n'));
      expect(seen).toEqual([['ok', undefined]]);
    });
  });

  test('a chunk may be any Uint8Array, but nothing else', () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({ ...ignore, onReply: (value) => seen.push(value) });
    const memory = new Uint8Array(20);
    memory.set(crlf('$3\nabc\n'), 5);
    decoder.write(memory.subarray(5, 14));
    expect(seen).toEqual(['abc']);
    for (const chunk of ['+a\r\n', null, [43], new ArrayBuffer(4), new Uint16Array(2)]) {
      expect(() => decoder.write(chunk as unknown as Uint8Array)).toThrow(TypeError);
    }
    decoder.write(crlf('+a\n'));
    expect(seen).toEqual(['abc', 'a']);
  });
});

describe('replies and maps', () => {
  const kinds: [string, RespValue, RespValue][] = [
    ['$1\na\n', 'a', Buffer.from('a')],
    ['+OK\n', 'OK', Buffer.from('OK')],
    ['=5\ntxt:a\n', 'a', Buffer.from('a')],
    ['$?\n;1\na\n;1\nb\n;0\n', 'ab', Buffer.from('ab')],
    ['*1\n$1\na\n', ['a'], [Buffer.from('a')]],
    ['|1\n+k\n+v\n$1\na\n', 'a', Buffer.from('a')],
    ['|1\n+k\n+v\n|1\n+k\n+v\n*1\n+a\n', ['a'], [Buffer.from('a')]],
    ['*2\n>1\n+p\n$1\na\n>1\n+p\n$1\nb\n', ['a', 'b'], [Buffer.from('a'), Buffer.from('b')]],
  ];

  test.each(kinds)(
    'a change of replies between the bytes of %j waits for the next reply',
    (input, text, bytes) => {
      const expected = { string: text, bytes } as const;
      for (const first of ['string', 'bytes'] as const) {
        const other = first === 'string' ? 'bytes' : 'string';
        eachSplit(crlf(input), (head, tail) => {
          const seen: RespValue[] = [];
          const decoder = new RespDecoder(
            { ...ignore, onReply: (value) => seen.push(value) },
            { replies: first, verbatim: 'text' },
          );
          decoder.write(head);
          decoder.replies = other;
          decoder.write(tail);
          decoder.write(crlf(input));
          const began = head.length > 0 ? first : other;
          expect(seen).toEqual([expected[began], expected[other]]);
        });
      }
    },
  );

  test('a change by a handler holds from the next reply on', () => {
    const modes = ['bytes', 'string', 'bytes', 'string'] as const;
    const input = crlf('$1\na\n|1\n+k\n+v\n*1\n$1\na\n>2\n+p\n+a\n+a\n$1\na\n'.repeat(2));
    for (const size of [input.length, 1, 2, 3, 10]) {
      const seen: unknown[] = [];
      const decoder = new RespDecoder(
        {
          onReply: (value) => {
            seen.push(Array.isArray(value) ? value[0] : value);
            decoder.replies = modes[seen.length % modes.length]!;
          },
          onErrorReply() {},
          onPush() {},
        },
        { replies: 'bytes' },
      );
      for (let at = 0; at < input.length; at += size)
        decoder.write(Buffer.from(input.subarray(at, at + size)));
      expect(seen).toEqual(
        seen.map((_, i) => (modes[i % modes.length] === 'bytes' ? Buffer.from('a') : 'a')),
      );
      expect(seen).toHaveLength(8);
    }
  });

  test.each(['%1\n+a\n%1\n+b\n:1\n', '|1\n+k\n+v\n%1\n+a\n%0\n', '*1\n%0\n', '%?\n+a\n:1\n.\n'])(
    'a change of maps between the bytes of %j waits for the next reply',
    (input) => {
      const shape = (value: RespValue): string => {
        const map = Array.isArray(value) && value.length === 1 && !Array.isArray(value[0]) ? value[0] : value;
        return map instanceof Map ? 'map' : Array.isArray(map) ? 'entries' : 'object';
      };
      eachSplit(crlf(input), (head, tail) => {
        const seen: string[] = [];
        const decoder = new RespDecoder({ ...ignore, onReply: (value) => seen.push(shape(value)) });
        decoder.write(head);
        decoder.maps = 'object';
        decoder.write(tail);
        decoder.write(crlf(input));
        expect(seen).toEqual([head.length > 0 ? 'map' : 'object', 'object']);
      });
    },
  );
});
