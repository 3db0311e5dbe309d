import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type RedisClient, RoutineContainer, type SubscriptionEvent } from '../src/index.js';
import { open } from './support/open.js';

let server: RedisServer;
let proxy: FaultProxy;

beforeAll(async () => {
  server = await startServer();
  proxy = await startFaultProxy({ target: server });
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});

describe.each([
  ['RESP3', 3],
  ['RESP2', 2],
] as const)('%s', (_, protocol) => {
  let client: RedisClient;
  beforeEach(async () => {
    await proxy.restore();
    proxy.clearCommands();
    client = open(proxy, { protocol: { protocol } });
  });
  afterEach(async () => {
    await client.shutdown({ force: true });
    await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual([]);
  });

  it('a matcher for each key, which matches from its wait on: VLCP drops what nobody waits for', async () => {
    const [a, b, glob] = [
      ...(await client.subscribe('a', Buffer.from('b'))),
      ...(await client.psubscribe('?')),
    ];
    const [witness] = await client.subscribe('a');
    const missed = witness!.wait();
    await server.command('PUBLISH', 'a', 'missed');
    await missed;
    const events = Promise.all([a!.wait(), b!.wait(), glob!.wait()]);
    await server.command('PUBLISH', 'b', 'for b');
    await server.command('PUBLISH', 'a', 'for a');
    const [ofA, ofB, ofGlob] = await events;
    expect([ofA.message, ofB.message]).toEqual(['for a', 'for b']);
    expect(ofGlob).toEqual({ type: 'pmessage', channel: 'b', pattern: '?', message: 'for b' });
  });

  it('can be awaited and iterated; an iteration misses nothing between its steps', async () => {
    const [matcher] = await client.subscribe('a');
    setImmediate(() => void server.command('PUBLISH', 'a', '0'));
    expect((await matcher!).message).toBe('0');
    const events = matcher![Symbol.asyncIterator]();
    for (const payload of ['1', '2', '3']) await server.command('PUBLISH', 'a', payload);
    const heard: string[] = [];
    for await (const { message } of events) {
      heard.push(message);
      if (message === '3') await client.unsubscribe('a');
    }
    expect(heard).toEqual(['1', '2', '3']);
    await expect(matcher!.wait()).rejects.toMatchObject({ code: 'SUBSCRIPTION_ENDED' });
    for await (const event of matcher!) expect(event).toBe('nothing');
  });

  it('bytes stay bytes', async () => {
    const [matcher] = await client.subscribe('a', { replies: 'bytes' });
    const event = matcher!.wait();
    await client.executeCommand('PUBLISH', 'a', Buffer.from([0xff, 0x00]));
    expect([...(await event).message]).toEqual([0xff, 0x00]);
  });

  it('counts each key, by name and by matcher, and unsubscribes with the last', async () => {
    const count = async (): Promise<unknown> => server.command('PUBSUB', 'NUMSUB', 'a');
    const [first, second] = await client.subscribe('a', 'a');
    const [third] = await client.subscribe('a');
    await first![Symbol.asyncDispose]();
    await first![Symbol.asyncDispose]();
    await client.unsubscribe('a');
    expect(await count()).toEqual(['a', 1]);
    const last = third!.wait();
    await server.command('PUBLISH', 'a', 'x');
    expect((await last).message).toBe('x');
    await client.unsubscribe('a');
    expect(await count()).toEqual(['a', 0]);
    // Their subscriptions have ended with the count: nobody else's is taken.
    const [again] = await client.subscribe('a');
    await second![Symbol.asyncDispose]();
    await third![Symbol.asyncDispose]();
    expect(await count()).toEqual(['a', 1]);
    await again![Symbol.asyncDispose]();
    expect(await count()).toEqual(['a', 0]);
  });

  it('everything is restored after a kill and a restart, and matches on', async () => {
    const [a] = await client.subscribe('a');
    const [glob] = await client.psubscribe('b*');
    const gaps: unknown[] = [];
    using _gaps = client.onGap((gap) => gaps.push(gap));
    const both = Promise.all([a!.wait(), glob!.wait()]);
    proxy.cut('RST');
    await expect.poll(() => gaps.length).toBe(2);
    await server.command('PUBLISH', 'a', 'after the cut');
    await server.command('PUBLISH', 'bb', 'after the cut');
    expect((await both).map(({ message }) => message)).toEqual(['after the cut', 'after the cut']);
    const next = a!.wait();
    await server.restart('SIGKILL');
    await expect.poll(() => gaps.length).toBe(4);
    await server.command('PUBLISH', 'a', 'after the restart');
    expect((await next).message).toBe('after the restart');
    // The counts are what they were.
    await client.unsubscribe('a');
    await client.punsubscribe('b*');
    expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]);
    expect(await server.command('PUBSUB', 'NUMPAT')).toBe(0);
  });

  it('a subscription that is aborted while the server is away counts nothing', async () => {
    await proxy.refuse('CLOSED');
    const controller = new AbortController();
    const attempt = client.subscribe('a', { signal: controller.signal });
    controller.abort();
    await expect(attempt).rejects.toMatchObject({ code: 'ABORTED' });
    client.timeoutMs = 50;
    await expect(client.subscribe('a')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
    client.timeoutMs = 10_000;
    await proxy.accept();
    const [matcher] = await client.subscribe('a');
    await matcher![Symbol.asyncDispose]();
    expect(await server.command('PUBSUB', 'NUMSUB', 'a')).toEqual(['a', 0]);
  });

  it('the signal ends the wait for the confirmation, not the subscription', async () => {
    const controller = new AbortController();
    const [matcher] = await client.subscribe('a', { signal: controller.signal });
    controller.abort();
    const event = matcher!.wait();
    await server.command('PUBLISH', 'a', 'x');
    expect((await event).message).toBe('x');
  });

  it('waits end with their signal, their time, and the client', async () => {
    const [matcher] = await client.subscribe('a');
    const controller = new AbortController();
    const aborted = expect(matcher!.wait({ signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    controller.abort();
    await aborted;
    await expect(matcher!.wait({ signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(matcher!.wait({ timeoutMs: 10 })).rejects.toMatchObject({ code: 'TIMEOUT' });
    const waiting = expect(matcher!.wait()).rejects.toMatchObject({ code: 'SHUTDOWN' });
    const iterating = Promise.resolve().then(async () => {
      const heard: SubscriptionEvent[] = [];
      for await (const event of matcher!) heard.push(event);
      return heard;
    });
    await client.shutdown();
    await waiting;
    expect(await iterating).toEqual([]);
    await expect(matcher!.wait()).rejects.toMatchObject({ code: 'SHUTDOWN' });
  });

  it('containers wait for matchers', async () => {
    await using container = new RoutineContainer();
    const [a, b] = await client.subscribe(container, 'a', 'b');
    const first = container.waitWithTimeout(undefined, a!, b!);
    await server.command('PUBLISH', 'b', 'x');
    expect(await first).toEqual([false, expect.objectContaining({ message: 'x' }), b]);
    expect((await container.waitWithTimeout(0.01, a!, b!))[0]).toBe(true);
    const lost = expect(container.wait(a!)).rejects.toMatchObject({ code: 'ABORTED' });
    container.terminate();
    await lost;
  });
});

describe('the state of the subscribe connection', () => {
  it('is matched when it changes, and the connection is made', async () => {
    await proxy.restore();
    await using client = open(proxy);
    const up = client.subscribeStateMatcher();
    expect(await up).toMatchObject({ connected: true });
    const down = client.subscribeStateMatcher(false).wait();
    const upAgain = up.wait();
    proxy.cut('RST');
    expect(await down).toMatchObject({ connected: false, cause: expect.any(Error) });
    expect(await upAgain).toMatchObject({ connected: true });
    const container = new RoutineContainer();
    const later = container.wait(client.subscribeStateMatcher(container, false));
    container.terminate();
    await expect(later).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('is iterated, until the matcher is disposed or the client shut down', async () => {
    await proxy.restore();
    const client = open(proxy);
    await client.subscribe('a');
    const matcher = client.subscribeStateMatcher(true);
    const events = matcher[Symbol.asyncIterator]();
    const ended = client.subscribeStateMatcher().wait();
    for (let i = 0; i < 3; i++) {
      const next = events.next();
      proxy.cut('FIN');
      expect((await next).value).toMatchObject({ connected: true });
    }
    await ended;
    const last = events.next();
    await matcher[Symbol.asyncDispose]();
    expect(await last).toEqual({ done: true, value: undefined });
    expect((await matcher[Symbol.asyncIterator]().next()).done).toBe(true);
    await expect(matcher.wait()).rejects.toMatchObject({ code: 'SUBSCRIPTION_ENDED' });
    const wait = expect(client.subscribeStateMatcher().wait()).rejects.toMatchObject({ code: 'SHUTDOWN' });
    await client.shutdown();
    await wait;
  });
});
