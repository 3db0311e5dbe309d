import { describe, expect, expectTypeOf, test } from 'vitest';
import { RespDecoderStream } from './decoder-stream.js';
import { ProtocolError, RedisError } from './errors.js';
import type { RespNode } from './node.js';
import { RespPush, type RespValue } from './values.js';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

function source(...chunks: string[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes(chunk));
      controller.close();
    },
  });
}

async function collect<T>(stream: ReadableStream<T>): Promise<{ objects: T[]; error?: unknown }> {
  const objects: T[] = [];
  try {
    for await (const object of stream) objects.push(object);
    return { objects };
  } catch (error) {
    return { objects, error };
  }
}

describe('RespDecoderStream', () => {
  test('decodes what is piped through it', async () => {
    const stream = source('+a\r\n:', '1\r\n_\r\n-ERR no\r\n>1\r\n+bye\r\n').pipeThrough(
      new RespDecoderStream(),
    );
    expect(await collect(stream)).toEqual({
      objects: ['a', 1, null, new RedisError('ERR no'), new RespPush('bye', [])],
    });
  });

  test('gives nodes with typed: true, and has the types for it', async () => {
    const nodes = source(':1\r\n').pipeThrough(new RespDecoderStream({ typed: true }));
    expectTypeOf(nodes).toEqualTypeOf<ReadableStream<RespNode>>();
    expectTypeOf(new RespDecoderStream().readable).toEqualTypeOf<ReadableStream<RespValue | RespPush>>();
    expect(await collect(nodes)).toEqual({ objects: [{ type: ':', value: 1 }] });
  });

  test('an end inside of a reply fails after the replies before it', async () => {
    const { readable, writable } = new RespDecoderStream();
    const piped = source('+a\r\n+b\r\n$5\r\nhel').pipeTo(writable);
    const outcome = collect(readable);
    await expect(piped).rejects.toMatchObject({ code: 'TRUNCATED' });
    const { objects, error } = await outcome;
    expect(objects).toEqual(['a', 'b']);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ code: 'TRUNCATED', offset: 15 });
  });

  test('a protocol error fails both sides, after the replies before it', async () => {
    const { readable, writable } = new RespDecoderStream();
    const piped = source('+a\r\n+b\r\n+c\r\n?', '+d\r\n').pipeTo(writable);
    const outcome = collect(readable);
    await expect(piped).rejects.toMatchObject({ code: 'UNKNOWN_TYPE', offset: 12 });
    expect(await outcome).toMatchObject({ objects: ['a', 'b', 'c'], error: { code: 'UNKNOWN_TYPE' } });
  });

  test('takes no chunk before the objects of the last one have been read', async () => {
    const { readable, writable } = new RespDecoderStream();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    let written = 0;
    const count = (): void => {
      written++;
    };
    const writes = [
      writer.write(bytes('+a\r\n+b\r\n')).then(count),
      writer.write(bytes('+c\r\n')).then(count),
    ];
    expect(await reader.read()).toEqual({ done: false, value: 'a' });
    expect(await reader.read()).toEqual({ done: false, value: 'b' });
    expect(written).toBe(0);
    expect(await reader.read()).toEqual({ done: false, value: 'c' });
    expect(written).toBe(1);
    const closed = writer.close();
    expect(await reader.read()).toEqual({ done: true, value: undefined });
    await Promise.all([...writes, closed]);
    expect(written).toBe(2);
  });

  test('cancelling the readable side fails a waiting write', async () => {
    const { readable, writable } = new RespDecoderStream();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const first = writer.write(bytes('+a\r\n+b\r\n'));
    const second = writer.write(bytes('+c\r\n'));
    expect(await reader.read()).toEqual({ done: false, value: 'a' });
    const reason = new Error('enough');
    await Promise.all([
      reader.cancel(reason),
      first,
      expect(second).rejects.toBe(reason),
      expect(writer.closed).rejects.toBe(reason),
    ]);
  });

  test('aborting the writable side fails the readable one, also while a write waits', async () => {
    const { readable, writable } = new RespDecoderStream();
    const writer = writable.getWriter();
    const reader = readable.getReader();
    const closed = expect(writer.closed).rejects.toThrow('gone');
    const write = writer.write(bytes('+a\r\n+b\r\n'));
    expect(await reader.read()).toEqual({ done: false, value: 'a' });
    const reason = new Error('gone');
    await writer.abort(reason);
    await Promise.all([write, closed, expect(reader.read()).rejects.toBe(reason)]);
  });

  test('a chunk that is no bytes fails both sides', async () => {
    const { readable, writable } = new RespDecoderStream();
    const writer = writable.getWriter();
    const outcome = collect(readable);
    await expect(writer.write('+a\r\n' as unknown as Uint8Array)).rejects.toThrow(TypeError);
    await expect(writer.closed).rejects.toThrow(TypeError);
    expect((await outcome).error).toBeInstanceOf(TypeError);
  });
});
