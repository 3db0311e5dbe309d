import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { RedisClient } from '@redlane/client';
import { clientCache } from '@redlane/client/cache';
import { Recorder, validate } from '@redlane/client/recorder';
import type { Checks } from './bed.js';
import { until } from './until.js';

/** Why the first attempt to connect has failed. */
async function failureOf(client: RedisClient): Promise<Error & { readonly code?: string }> {
  client.connect().catch(() => {});
  await client.status.until('connecting', { timeoutMs: 10_000 });
  return (await client.status.until('down', { timeoutMs: 10_000 })).cause;
}

/** What happens below the calls: losses, TLS, subscriptions, cache, recordings, the end. */
export const connections: Checks = {
  'a killed connection is replaced, and what was subscribed comes back with a gap': async (bed) => {
    await using client = bed.client();
    await using admin = bed.client();
    const channel = bed.key('news');
    const [messages, gaps]: [string[], string[]] = [[], []];
    client.onGap(({ reason }) => gaps.push(reason));
    await client.subscribe(channel, ({ payload }) => messages.push(payload));
    await admin.call('PUBLISH', channel, 'before');
    await until(() => messages.length === 1);
    await client.call('SET', bed.key('kept'), 1);
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await until(() => gaps.length === 1);
    await admin.call('PUBLISH', channel, 'after');
    await until(() => messages.length === 2);
    assert.deepEqual([messages, gaps], [['before', 'after'], ['connection']]);
    assert.equal(await client.call('GET', bed.key('kept')), '1');
  },

  'a lost command says whether it may have been executed': async (bed) => {
    await using client = bed.client();
    await using admin = bed.client();
    const id = await client.call<number>('CLIENT', 'ID');
    await admin.call('CLIENT', 'PAUSE', 10_000, 'WRITE');
    const lost = client.call('INCR', bed.key('counter'));
    lost.catch(() => {});
    await until(async () => /cmd=incr/.test(await admin.call<string>('CLIENT', 'LIST', 'ID', id)));
    await admin.call('CLIENT', 'KILL', 'ID', id);
    await admin.call('CLIENT', 'UNPAUSE');
    await assert.rejects(lost, { code: 'CONNECTION_LOST', maybeExecuted: true, phase: 'written' });
    assert.equal(await client.call('GET', bed.key('counter')), null);
  },

  'messages of channels and patterns arrive, also as an iterable': async (bed) => {
    await using client = bed.client();
    await using publisher = bed.client();
    const seen: string[] = [];
    await using pattern = await client.subscribe({ pattern: `${bed.key('')}*` }, (message) => {
      seen.push(`${message.pattern === bed.key('*')} ${message.payload}`);
    });
    const stream = client.subscribe(bed.key('channel'), { replies: 'bytes' });
    const first = stream.next();
    await until(async () => {
      const [, count] = await publisher.call<[string, number]>('PUBSUB', 'NUMSUB', bed.key('channel'));
      return count === 1;
    });
    await publisher.call('PUBLISH', bed.key('channel'), Uint8Array.of(104, 105));
    assert.deepEqual([...(await first).value!.payload], [104, 105]);
    await stream.return?.();
    await until(() => seen.length === 1);
    assert.deepEqual(seen, ['true hi']);
    await pattern.unsubscribe();
  },

  'TLS with certificates of both sides': async (bed) => {
    const { protocol } = bed.servers;
    const { url, ...tls } = bed.servers.tls;
    await using client = new RedisClient(url, { tls, protocol });
    const large = 'x'.repeat(2_000_000);
    await client.call('SET', bed.key('secret'), large);
    assert.equal(await client.call('GET', bed.key('secret')), large);
    await using stranger = new RedisClient(url);
    assert.equal((await failureOf(stranger)).code, 'CONNECT_FAILED');
  },

  'a server that is not there is an error that says so': async (bed) => {
    await using client = bed.client({ port: 1 });
    const cause = await failureOf(client);
    assert.equal(cause.code, 'CONNECT_FAILED');
    assert.match(cause.message, /127\.0\.0\.1/);
  },

  'reads are cached until the server reports a change': async (bed): Promise<string | undefined> => {
    if (bed.servers.protocol === 2) return 'the cache needs RESP3';
    await using client = bed.client({ clientCache: clientCache() });
    await using writer = bed.client();
    const key = bed.key('cached');
    await writer.call('SET', key, 'old');
    assert.equal(await client.cached('GET', key), 'old');
    assert.equal(await client.cached('GET', key), 'old');
    assert.equal(client.metrics().cache?.hits, 1);
    await writer.call('SET', key, 'new');
    await until(async () => (await client.cached('GET', key)) === 'new');
    return undefined;
  },

  'a recording of a connection is valid': async (bed) => {
    const sink = new PassThrough();
    const recorder = new Recorder(sink);
    const client = bed.client({ recorder });
    await client.pipeline([['SET', bed.key('r'), 1], ['PING']]);
    await client.close();
    await recorder.close();
    sink.end();
    const { problems } = await validate(sink);
    assert.deepEqual(problems, []);
  },

  'closing ends everything that waits': async (bed) => {
    const client = bed.client();
    await client.connect();
    const waiting = client.call('BLPOP', bed.key('never'), 0);
    waiting.catch(() => {});
    await client.close({ deadlineMs: 100 });
    await assert.rejects(waiting, { code: 'CLOSED' });
    await assert.rejects(client.call('PING'), { code: 'CLOSED' });
    assert.equal(client.status.current.state, 'closed');
  },
};
