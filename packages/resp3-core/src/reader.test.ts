import { describe, expect, expectTypeOf, test } from 'vitest';
import { ProtocolError, RedisError } from './errors.js';
import type { RespNode } from './node.js';
import { Resp3Reader } from './reader.js';
import { AttributedReply, RespPush, type RespValue } from './values.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function failure(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('Resp3Reader', () => {
  test('gives objects in order, then the sentinel until there is more', () => {
    const reader = new Resp3Reader();
    expect(reader.getObject()).toBe(Resp3Reader.sentinel);
    reader.feed(bytes('+OK\r\n:1\r\n$5\r\nhe'));
    expect(reader.getObject()).toBe('OK');
    expect(reader.getObject()).toBe(1);
    expect(reader.getObject()).toBe(Resp3Reader.sentinel);
    expect(reader.pending).toBe(true);
    reader.feed(bytes('llo\r\n'));
    expect(reader.getObject()).toBe('hello');
    expect(reader.getObject()).toBe(Resp3Reader.sentinel);
    expect(reader.pending).toBe(false);
    expect(reader.offset).toBe(20);
  });

  test('returns errors and pushes', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes('-WRONGTYPE no\r\n>2\r\n+message\r\n+hi\r\n'));
    const error = reader.getObject();
    expect(error).toBeInstanceOf(RedisError);
    expect(error).toMatchObject({ code: 'WRONGTYPE', message: 'WRONGTYPE no' });
    expect(reader.getObject()).toEqual(new RespPush('message', ['hi']));
  });

  test('null is an object, not the lack of one', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes('_\r\n$-1\r\n'));
    expect([...reader.objects()]).toEqual([null, null]);
  });

  test('objects() takes what is there and can be called again', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes(':1\r\n:2\r\n:'));
    expect([...reader.objects()]).toEqual([1, 2]);
    expect([...reader.objects()]).toEqual([]);
    reader.feed(bytes('3\r\n:4\r\n'));
    for (const object of reader.objects()) {
      expect(object).toBe(3);
      break;
    }
    expect(reader.getObject()).toBe(4);
  });

  test('attributes are those of the object taken last', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes('|1\r\n+ttl\r\n:5\r\n+a\r\n+b\r\n|1\r\n+x\r\n:6\r\n-ERR c\r\n'));
    expect(reader.attributes).toBeUndefined();
    reader.getObject();
    expect(reader.attributes).toEqual(new Map([['ttl', 5]]));
    reader.getObject();
    expect(reader.attributes).toBeUndefined();
    reader.getObject();
    expect(reader.attributes).toEqual(new Map([['x', 6]]));
    reader.getObject();
    expect(reader.attributes).toBeUndefined();
  });

  test("attributes: 'wrap' gives them around the value", () => {
    const reader = new Resp3Reader({ attributes: 'wrap' });
    reader.feed(bytes('|1\r\n+ttl\r\n:5\r\n+a\r\n'));
    expect(reader.getObject()).toEqual(new AttributedReply('a', new Map([['ttl', 5]])));
    expect(reader.attributes).toBeUndefined();
  });

  test('typed: true gives nodes, also for errors and pushes', () => {
    const reader = new Resp3Reader({ typed: true });
    reader.feed(bytes('|1\r\n+ttl\r\n:5\r\n$?\r\n;1\r\na\r\n;0\r\n-ERR x\r\n>2\r\n+message\r\n_\r\n'));
    expect([...reader.objects()]).toEqual([
      {
        type: '$',
        value: 'a',
        streamed: true,
        attributes: [
          [
            { type: '+', value: 'ttl' },
            { type: ':', value: 5 },
          ],
        ],
      },
      { type: '-', value: new RedisError('ERR x') },
      {
        type: '>',
        value: [
          { type: '+', value: 'message' },
          { type: '_', value: null },
        ],
      },
    ]);
  });

  test('what it gives is typed by the options', () => {
    expectTypeOf(new Resp3Reader().getObject()).toEqualTypeOf<
      RespValue | RespPush | typeof Resp3Reader.sentinel
    >();
    expectTypeOf(new Resp3Reader({ replies: 'bytes' }).objects()).toEqualTypeOf<
      Generator<RespValue | RespPush, void, undefined>
    >();
    expectTypeOf(new Resp3Reader({ typed: true }).objects()).toEqualTypeOf<
      Generator<RespNode, void, undefined>
    >();
    expectTypeOf(new Resp3Reader({ typed: false }).objects()).toEqualTypeOf<
      Generator<RespValue | RespPush, void, undefined>
    >();
  });

  test('objects before a protocol error come out first; the error stays until reset()', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes('+a\r\n+b\r\n?'));
    expect(reader.getObject()).toBe('a');
    expect(reader.getObject()).toBe('b');
    const error = failure(() => reader.getObject());
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'UNKNOWN_TYPE', offset: 8 });
    expect(failure(() => reader.getObject())).toBe(error);
    expect(failure(() => [...reader.objects()])).toBe(error);
    expect(failure(() => reader.feed(bytes('+c\r\n')))).toBe(error);
    expect(reader.offset).toBe(8);
    reader.reset();
    expect(reader.getObject()).toBe(Resp3Reader.sentinel);
    reader.feed(bytes('+c\r\n'));
    expect(reader.getObject()).toBe('c');
    expect(reader.offset).toBe(4);
  });

  test('feed() refuses while an error waits behind objects, which can still be taken', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes('+a\r\n?'));
    expect(() => reader.feed(bytes('+b\r\n'))).toThrow(ProtocolError);
    expect(reader.getObject()).toBe('a');
    expect(() => reader.getObject()).toThrow(ProtocolError);
  });

  test('reset() forgets a half object and objects not taken', () => {
    const reader = new Resp3Reader();
    reader.feed(bytes('+a\r\n*2\r\n:1\r\n'));
    reader.reset();
    expect(reader.pending).toBe(false);
    reader.feed(bytes(':7\r\n'));
    expect([...reader.objects()]).toEqual([7]);
  });

  test('order and attributes survive a backlog that never empties', () => {
    const reader = new Resp3Reader();
    const seen: unknown[] = [];
    for (let fed = 0; fed < 10_000; fed += 4) {
      const chunk = [0, 1, 2, 3].map((i) => `|1\r\n+n\r\n:${fed + i}\r\n:${fed + i}\r\n`).join('');
      reader.feed(bytes(chunk));
      for (let taken = 0; taken < 3; taken++) {
        const object = reader.getObject();
        expect(reader.attributes?.get('n')).toBe(object);
        seen.push(object);
      }
    }
    seen.push(...reader.objects());
    expect(seen).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
  });

  test('a chunk that is no bytes is refused and does no harm', () => {
    const reader = new Resp3Reader();
    expect(() => reader.feed('+OK\r\n' as unknown as Uint8Array)).toThrow(
      new TypeError('a chunk must be a Uint8Array, got string'),
    );
    reader.feed(bytes('+OK\r\n'));
    expect(reader.getObject()).toBe('OK');
  });

  test('a pushReplies function that throws stops the reader like a protocol error', () => {
    const boom = new Error('boom');
    const reader = new Resp3Reader({
      pushReplies: () => {
        throw boom;
      },
    });
    reader.feed(bytes('+a\r\n>2\r\n+message\r\n+hi\r\n+b\r\n'));
    expect(reader.getObject()).toBe('a');
    expect(failure(() => reader.getObject())).toBe(boom);
    expect(failure(() => reader.feed(bytes('+c\r\n')))).toBe(boom);
  });

  test.each([
    [{ maps: 'list' }, 'maps must be one of map, object, entries, got list'],
    [{ replies: 'buffer' }, 'replies must be one of string, bytes, got buffer'],
    [{ pushReplies: 'x' }, 'pushReplies must be string, bytes or a function, got x'],
    [{ limits: { lineBytes: 1 } }, 'limits.lineBytes must be an integer of at least 2, got 1'],
    [{ limits: { depth: 0 } }, 'limits.depth must be an integer of at least 1, got 0'],
  ])('refuses the options %j', (options, message) => {
    expect(() => new Resp3Reader(options as never)).toThrow(message);
  });
});
