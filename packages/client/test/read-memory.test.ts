import { PassThrough } from 'node:stream';
import { startServer } from '@redlane/redis-server';
import { Resp3Reader } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import { type ClientOptions, RedisClient } from '../src/index.js';
import { Recorder, readRecording } from '../src/recorder/index.js';

// What a socket reads lies in memory that is used again for the next read: nothing that a caller has may change with it.

const KEPT = 300;

async function expectKept(options: ClientOptions): Promise<void> {
  await using client = new RedisClient(options);
  const bytes = client.with({ replies: 'bytes' });
  const big = 'big'.repeat(2 ** 20);
  await client.call('SET', 'big', big);
  const kept: (string | Uint8Array)[] = [];
  const expected: string[] = [];
  for (let i = 0; i < KEPT; i++) {
    const value = `value ${i} `.repeat((i % 9) + 1);
    // Replies in both forms come in one chunk.
    const [, text, raw] = await Promise.all([
      client.call('SET', 'key', value),
      client.call<string>('GET', 'key'),
      bytes.call<Uint8Array>('GET', 'key'),
    ]);
    kept.push(text, raw);
    expected.push(value, value);
    if (i % 100 > 0) continue;
    kept.push(await bytes.call<Uint8Array>('GET', 'big'));
    expected.push(big);
  }
  expect(kept.map((each) => Buffer.from(each as string).toString('latin1'))).toEqual(expected);
}

describe('replies do not change', () => {
  it('over TCP', async () => {
    await using server = await startServer();
    await expectKept({ port: server.port });
  });

  it('in RESP2', async () => {
    await using server = await startServer();
    await expectKept({ port: server.port, protocol: 2 });
  });

  it('over a unix socket', async () => {
    await using server = await startServer();
    await expectKept({ path: server.socketPath });
  });

  it('over TLS', async () => {
    await using server = await startServer({ tls: true });
    await expectKept({ port: server.port, tls: { ...server.tls } });
  });

  it('for a reader that keeps what it is fed', async () => {
    await using server = await startServer();
    const fed: Uint8Array[] = [];
    const shown: string[] = [];
    class Reader extends Resp3Reader {
      override feed(chunk: Uint8Array): void {
        fed.push(chunk);
        shown.push(Buffer.from(chunk).toString('latin1'));
        super.feed(chunk);
      }
    }
    await using client = new RedisClient({ port: server.port, Reader });
    for (let i = 0; i < 10; i++) await client.call('ECHO', `number ${i}`);
    expect(fed.map((chunk) => Buffer.from(chunk).toString('latin1'))).toEqual(shown);
  });

  it('in a recording', async () => {
    await using server = await startServer();
    const big = Array.from({ length: 400_000 }, (_, i) => `${i} `).join('');
    const stream = new PassThrough({ highWaterMark: 2 ** 26 });
    const recorder = new Recorder(stream);
    await using client = new RedisClient({ port: server.port, recorder });
    await client.call('SET', 'big', big);
    await client.call('GET', 'big');
    await recorder.close();
    stream.end();
    const values: unknown[] = [];
    for await (const event of readRecording(stream))
      if (event.kind === 'reply') values.push(event.node.value);
    expect(values.at(-1) === big).toBe(true);
  });
});
