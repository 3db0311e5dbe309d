import assert from 'node:assert/strict';
import { connect } from 'node:net';
import {
  CommandWriter,
  encodeCommand,
  encodeReply,
  ProtocolError,
  RedisError,
  Resp3Reader,
  RespDecoder,
  RespDecoderStream,
  RespPush,
} from '@redlane/resp3-core';
import type { Checks } from './bed.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function decoded(...chunks: readonly Uint8Array[]): unknown[] {
  const reader = new Resp3Reader();
  return chunks.flatMap((chunk) => {
    reader.feed(chunk);
    return [...reader.objects()];
  });
}

const nowhere = { onReply: () => {}, onErrorReply: () => {}, onPush: () => {} };

const WIRE = [
  ['+OK\r\n', 'OK'],
  ['$6\r\nгла\r\n', 'гла'],
  [':9007199254740993\r\n', 9007199254740993n],
  [',-0.5\r\n', -0.5],
  ['#t\r\n', true],
  ['_\r\n', null],
  ['(12345678901234567890123\r\n', 12345678901234567890123n],
  ['%1\r\n+a\r\n*2\r\n:1\r\n:2\r\n', new Map([['a', [1, 2]]])],
  ['~2\r\n+a\r\n+b\r\n', new Set(['a', 'b'])],
  ['*?\r\n:1\r\n$?\r\n;2\r\nab\r\n;0\r\n.\r\n', [1, 'ab']],
] as const;

export const protocol: Checks = {
  'every type is decoded, whole and byte by byte': () => {
    for (const [wire, value] of WIRE) {
      assert.deepEqual(decoded(bytesOf(wire)), [value]);
      assert.deepEqual(decoded(...Array.from(bytesOf(wire), (byte) => Uint8Array.of(byte))), [value]);
    }
  },

  'values survive the way over the wire': () => {
    const value = ['text', 7, 2n ** 60n, new Map([['k', null]]), new Set([true]), Infinity];
    assert.deepEqual(decoded(encodeReply(value)), [value]);
  },

  'a command is an array of bulk strings': () => {
    assert.equal(
      new TextDecoder().decode(encodeCommand(['SET', 'ключ', Uint8Array.of(65, 66), 12])),
      '*4\r\n$3\r\nSET\r\n$8\r\nключ\r\n$2\r\nAB\r\n$2\r\n12\r\n',
    );
  },

  'pushes and errors go their own ways': () => {
    const seen: unknown[] = [];
    const decoder = new RespDecoder({
      onReply: (value) => seen.push(value),
      onErrorReply: (error) => seen.push(error),
      onPush: (push) => seen.push(push),
    });
    decoder.write(bytesOf('+a\r\n>2\r\n+message\r\n+hello\r\n-WRONGTYPE no\r\n'));
    const [reply, push, error] = seen;
    assert.equal(reply, 'a');
    assert.ok(push instanceof RespPush);
    assert.deepEqual([push.pushType, push.data], ['message', ['hello']]);
    assert.ok(error instanceof RedisError);
    assert.equal(error.code, 'WRONGTYPE');
  },

  'limits hold, and say where': () => {
    const decoder = new RespDecoder(nowhere, { limits: { depth: 10 } });
    assert.throws(
      () => decoder.write(bytesOf(`${'*1\r\n'.repeat(11)}:1\r\n`)),
      (error) => error instanceof ProtocolError && error.code === 'LIMIT_EXCEEDED',
    );
    assert.throws(
      () => decoded(bytesOf('+OK\r\n?')),
      (error) => error instanceof ProtocolError && error.code === 'UNKNOWN_TYPE' && error.offset === 5,
    );
  },

  'web streams carry it': async () => {
    const source = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const part of ['+on', 'e\r\n:', '2\r\n']) controller.enqueue(bytesOf(part));
        controller.close();
      },
    });
    const values: unknown[] = [];
    for await (const value of source.pipeThrough(new RespDecoderStream())) values.push(value);
    assert.deepEqual(values, ['one', 2]);
  },

  'a server answers what is written': async (bed) => {
    const { hostname, port } = new URL(bed.servers.url);
    const key = bed.key('raw');
    const socket = connect(Number(port), hostname);
    try {
      const replies = await new Promise<unknown[]>((resolve, reject) => {
        const seen: unknown[] = [];
        const decoder = new RespDecoder({
          ...nowhere,
          onReply: (value) => {
            if (seen.push(value) === 3) resolve(seen);
          },
        });
        socket.on('error', reject);
        socket.on('data', (chunk) => decoder.write(chunk));
        const writer = new CommandWriter();
        for (const command of [
          ['SET', key, 'é'],
          ['GET', key],
          ['DEL', key],
        ])
          writer.append(command);
        for (const bytes of writer.take()) socket.write(bytes);
      });
      assert.deepEqual(replies, ['OK', 'é', 1]);
    } finally {
      socket.destroy();
    }
  },
};
