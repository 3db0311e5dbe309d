import { getEventListeners } from 'node:events';
import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RedisClient, type ReplyError, type RespPush } from '../src/index.js';
import { FakeServer } from './support/fake-server.js';

let server: RedisServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});

/** Sends the pushes before the reply to GET, as they are. */
function pushing(bytes: string): Promise<FakeServer> {
  return FakeServer.start(([name]) => (name === 'GET' ? `${bytes}+v\r\n` : undefined));
}

function open({ host, port }: { host: string; port: number }): RedisClient {
  return new RedisClient({ host, port });
}

function nextWarning(code: string): Promise<Error> {
  return new Promise((resolve) => {
    process.on('warning', function take(warning: Error & { code?: string }) {
      if (warning.code !== code) return;
      process.off('warning', take);
      resolve(warning);
    });
  });
}

describe('push callbacks', () => {
  // Seen to fail with a connection that hands out pub/sub pushes only.
  it('D8: are there for every type, unknown ones too', async () => {
    await using fake = await pushing(
      '>2\r\n+invalidate\r\n*1\r\n$1\r\nk\r\n>2\r\n+server-cpu-usage\r\n,45.9\r\n>1\r\n+MOVING\r\n>3\r\n+message\r\n+c\r\n+x\r\n',
    );
    await using client = open(fake);
    const heard: [string, unknown][] = [];
    const all: string[] = [];
    for (const type of ['invalidate', 'server-cpu-usage', 'MOVING', 'message']) {
      client.registerPushCallback(type, ({ pushType, data }) => heard.push([pushType, data]));
    }
    client.registerPushCallback('*', ({ pushType }) => all.push(pushType));
    expect(await client.call('GET', 'k')).toBe('v');
    expect(heard).toEqual([
      ['invalidate', [['k']]],
      ['server-cpu-usage', [45.9]],
      ['MOVING', []],
      ['message', ['c', 'x']],
    ]);
    expect(all).toEqual(heard.map(([type]) => type));
  });

  it('hear a real server, also when the client has nothing to say', async () => {
    await using client = open(server);
    const keys: unknown[] = [];
    using _ = client.registerPushCallback('invalidate', ({ data }) => keys.push(data[0]));
    await client.withConnection(async (session) => {
      await session.call('CLIENT', 'TRACKING', 'ON', 'BCAST');
      await server.command('SET', 'k', '1');
      await expect.poll(() => keys).toEqual([['k']]);
      await server.command('FLUSHALL');
      await expect.poll(() => keys).toEqual([['k'], null]);
    });
  });

  it('run in the order of registration, as often as registered, until they are removed', async () => {
    await using fake = await pushing('>1\r\n+beat\r\n');
    await using client = open(fake);
    const heard: string[] = [];
    const first = (): unknown => heard.push('first');
    const registrations = [
      client.registerPushCallback('beat', first),
      client.registerPushCallback('beat', () => heard.push('second')),
      client.registerPushCallback('beat', first),
    ];
    const controller = new AbortController();
    client.registerPushCallback('beat', () => heard.push('once'), { once: true });
    client.registerPushCallback('beat', () => heard.push('until aborted'), { signal: controller.signal });
    client.registerPushCallback('beat', () => heard.push('never'), { signal: AbortSignal.abort() });
    await client.call('GET', 'k');
    expect(heard.splice(0)).toEqual(['first', 'second', 'first', 'once', 'until aborted']);
    registrations[0]?.[Symbol.dispose]();
    controller.abort();
    await client.call('GET', 'k');
    expect(heard.splice(0)).toEqual(['second', 'first']);
    for (const registration of registrations) registration[Symbol.dispose]();
    await client.call('GET', 'k');
    expect(heard).toEqual([]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    [
      'rejects in its own way',
      // biome-ignore lint/suspicious/noThenProperty: a promise of another kind
      () => ({ then: (_: unknown, no: (error: Error) => void) => no(new Error('broken')) }),
    ],
  ])('hurt nobody when one %s', async (_, callback) => {
    await using fake = await pushing('>1\r\n+beat\r\n>1\r\n+beat\r\n');
    await using client = open(fake);
    let beats = 0;
    client.registerPushCallback('beat', callback, { once: true });
    client.registerPushCallback('beat', () => beats++);
    const warning = nextWarning('REDLANE_PUSH_CALLBACK');
    expect(await client.call('GET', 'k')).toBe('v');
    expect(await warning).toMatchObject({ message: 'broken' });
    expect(beats).toBe(2);
    expect(fake.connections).toBe(1);
  });

  it('get bytes when they ask for them, while others get text', async () => {
    await using fake = await FakeServer.start(([name], { socket }) => {
      if (name !== 'GET') return undefined;
      socket.write(Buffer.from('>2\r\n+invalidate\r\n*2\r\n$1\r\n\xff\r\n$1\r\n\xfe\r\n', 'latin1'));
      return '+v\r\n';
    });
    await using client = open(fake);
    const bytes: unknown[] = [];
    const text: unknown[] = [];
    using inBytes = client.registerPushCallback('invalidate', ({ data }) => bytes.push(data[0]), {
      replies: 'bytes',
    });
    client.registerPushCallback('invalidate', ({ data }) => text.push(data[0]));
    await client.call('GET', 'k');
    expect(bytes).toEqual([[Buffer.from([0xff]), Buffer.from([0xfe])]]);
    inBytes[Symbol.dispose]();
    await client.call('GET', 'k');
    expect(text).toEqual([
      ['\ufffd', '\ufffd'],
      ['\ufffd', '\ufffd'],
    ]);
  });

  it.each([
    ['callback', ['beat', 'no function']],
    ['replies', ['beat', () => undefined, { replies: 'text' }]],
  ])('a wrong %s is said at once', async (option, args) => {
    await using client = open(server);
    const register = client.registerPushCallback.bind(client) as (...args: unknown[]) => unknown;
    expect(() => register(...args)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION', option }));
  });
});

describe("what the seed's call did with pushes", () => {
  it('a message reaches an idle subscriber', async () => {
    await using client = open(server);
    const heard: RespPush[] = [];
    client.registerPushCallback('message', (push) => heard.push(push));
    await client.subscribe('news', () => undefined);
    await server.command('PUBLISH', 'news', 'hi');
    await expect.poll(() => heard.map(({ data }) => data)).toEqual([['news', 'hi']]);
  });

  it('a session subscribes to all its channels, and has them unsubscribed, before the call resolves', async () => {
    await using client = open(server);
    const types: string[] = [];
    client.registerPushCallback('*', ({ pushType }) => types.push(pushType));
    await client.withConnection(async (session) => {
      expect(await session.call('SUBSCRIBE', 'a', 'b')).toBeUndefined();
      expect(await session.call('SSUBSCRIBE', 's')).toBeUndefined();
      expect(await session.call('GET', 'missing')).toBeNull();
      expect(types).toEqual(['subscribe', 'subscribe', 'ssubscribe']);
      expect(await session.call('SUNSUBSCRIBE')).toBeUndefined();
      expect(await session.call('UNSUBSCRIBE')).toBeUndefined();
      expect(types.slice(3)).toEqual(['sunsubscribe', 'unsubscribe', 'unsubscribe']);
      // Without any: Redis confirms it all the same, and Valkey 8.0 refuses.
      const nothing = session.call('PUNSUBSCRIBE').then(
        () => types.slice(6),
        ({ code }: ReplyError) => code,
      );
      expect([['punsubscribe'], 'NOSUB']).toContainEqual(await nothing);
      expect(await session.call('ECHO', 'x')).toBe('x');
    });
  });

  it('an error in the place of a push is that of its own command', async () => {
    await server.command('ACL', 'SETUSER', 'narrow', 'on', 'nopass', '+@all', '~*', 'resetchannels', '&mine');
    await using client = new RedisClient({
      host: server.host,
      port: server.port,
      username: 'narrow',
      password: 'x',
    });
    await client.withConnection(async (session) => {
      const calls = [
        session.call('ECHO', '1'),
        session.call('SUBSCRIBE', 'mine', 'yours'),
        session.call('ECHO', '2'),
        session.call('SUBSCRIBE', 'mine'),
        session.call('ECHO', '3'),
        session.call('UNSUBSCRIBE', 'mine'),
        session.call('ECHO', '4'),
      ];
      const outcomes = await Promise.allSettled(calls);
      expect(outcomes).toMatchObject([
        { value: '1' },
        { reason: { code: 'NOPERM', command: 'SUBSCRIBE' } },
        { value: '2' },
        { value: undefined },
        { value: '3' },
        { value: undefined },
        { value: '4' },
      ]);
    });
    const connection = await client.sendCommand(['SUBSCRIBE', 'yours']);
    await expect(client.receive(connection, true)).rejects.toMatchObject({ code: 'NOPERM' });
    await client.sendCommand(['PING'], { connection });
    expect(await client.receive(connection)).toBe('PONG');
    client.connectionPool.putConnection(connection);
  });

  it('no fence is needed that is not allowed', async () => {
    await server.command('ACL', 'SETUSER', 'quiet', 'on', 'nopass', '+@all', '-ping', '~*', '&*');
    await using client = new RedisClient({
      host: server.host,
      port: server.port,
      username: 'quiet',
      password: 'x',
    });
    const subscription = await client.subscribe('a', () => undefined);
    const echoed = client.call('ECHO', 'x');
    await subscription.unsubscribe();
    expect(await echoed).toBe('x');
    expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]);
  });

  it('SUBSCRIBE goes neither into a pipeline, nor to a RESP2 connection, nor into MULTI', async () => {
    await using client = open(server);
    await client.withConnection((session) =>
      expect(session.pipeline([['SUBSCRIBE', 'a']])).rejects.toMatchObject({ code: 'COMMAND_REFUSED' }),
    );
    await client
      .withConnection(async (session) => {
        await session.call('MULTI');
        await expect(session.call('SUBSCRIBE', 'a')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
      })
      .catch(() => undefined);
    await using old = new RedisClient({ host: server.host, port: server.port, protocol: 2 });
    await old.withConnection((session) =>
      expect(session.call('SUBSCRIBE', 'a')).rejects.toMatchObject({ code: 'COMMAND_REFUSED' }),
    );
  });
});

describe('a thousand pushes', () => {
  const SHAPES: readonly ((i: number) => string)[] = [
    () => '_\r\n',
    (i) => `:${i}\r\n`,
    () => '#t\r\n',
    () => ',nan\r\n',
    () => '(123456789012345678901234567890\r\n',
    () => '$0\r\n\r\n',
    () => '$-1\r\n',
    () => '*-1\r\n',
    () => '*2\r\n*0\r\n+x\r\n',
    () => '%1\r\n+a\r\n:1\r\n',
    () => '~2\r\n+a\r\n+a\r\n',
    () => '-ERR inside\r\n',
    () => '=7\r\ntxt:abc\r\n',
    () => '|1\r\n+ttl\r\n:1\r\n+x\r\n',
    (i) => `+name-${i}\r\n`,
  ];
  const KNOWN = [
    'message',
    'pmessage',
    'smessage',
    'subscribe',
    'psubscribe',
    'ssubscribe',
    'unsubscribe',
    'punsubscribe',
    'sunsubscribe',
    'invalidate',
  ];

  it.each(['string', 'bytes'] as const)(
    'of all types and shapes, right and wrong, reach the callbacks (%s) and disturb nothing',
    async (replies) => {
      const types = Array.from({ length: 1_000 }, (_, i) =>
        i % 3 === 0 ? (KNOWN[i % 10] as string) : `kind-${i}`,
      );
      const frames = types.map((type, i) => {
        const length = i % 5;
        const data = Array.from({ length }, (_, k) => SHAPES[(i * 7 + k * 3) % SHAPES.length]?.(i));
        return `>${length + 1}\r\n+${type}\r\n${data.join('')}`;
      });
      let sent = 0;
      const fake: FakeServer = await FakeServer.start(([name, argument]) => {
        if (name === 'SUBSCRIBE') return `>3\r\n+subscribe\r\n+${argument}\r\n:1\r\n`;
        if (name !== 'ECHO') return undefined;
        const before = frames.slice(sent, sent + 7).join('');
        sent += 7;
        return `${before}+${argument}\r\n`;
      });
      await using _ = fake;
      await using client = open(fake);
      const heard: string[] = [];
      const messages: unknown[] = [];
      await client.subscribe('name-0', (message) => messages.push(message));
      client.registerPushCallback('*', ({ pushType }) => heard.push(pushType), { replies });
      const words = Array.from({ length: 143 }, (_, i) => `word-${i}`);
      expect(await Promise.all(words.map((word) => client.call('ECHO', word)))).toEqual(words);
      expect(heard).toEqual(types);
      for (const message of messages)
        expect(message).toMatchObject({ channel: 'name-0', payload: expect.any(String) });
      expect(fake.connections).toBe(1);
    },
  );
});

describe('a stream of pushes', () => {
  const invalidated = (...keys: string[]): string =>
    keys.map((key) => `>2\r\n+invalidate\r\n*1\r\n$${key.length}\r\n${key}\r\n`).join('');

  it('listens from its first next(), and not after the loop', async () => {
    await using fake = await pushing(`${invalidated('a', 'b')}>1\r\n+other\r\n`);
    await using client = open(fake);
    const stream = client.pushes('invalidate');
    await client.call('GET', 'k');
    const read = (async () => {
      const keys: unknown[] = [];
      for await (const { data } of stream) {
        keys.push(data[0]);
        if (keys.length === 3) break;
      }
      return keys;
    })();
    await client.call('GET', 'k');
    await client.call('GET', 'k');
    expect(await read).toEqual([['a'], ['b'], ['a']]);
    expect(await stream.next()).toEqual({ done: true, value: undefined });
  });

  it('throws away what does not fit, as its policy says', async () => {
    await using fake = await pushing(invalidated('a', 'b', 'c'));
    await using client = open(fake);
    const streams = (['dropOldest', 'dropNewest', 'error'] as const).map((policy) =>
      client.pushes('*', { buffer: { limit: 1, policy } }),
    );
    const first = streams.map((stream) => stream.next());
    await client.call('GET', 'k');
    for (const next of first) expect((await next).value?.data).toEqual([['a']]);
    const [oldest, newest, error] = streams;
    expect((await oldest?.next())?.value?.data).toEqual([['c']]);
    expect((await newest?.next())?.value?.data).toEqual([['b']]);
    expect((await error?.next())?.value?.data).toEqual([['b']]);
    await expect(error?.next()).rejects.toMatchObject({ code: 'BUFFER_OVERFLOW' });
    expect(await error?.next()).toEqual({ done: true, value: undefined });
    expect(streams.map(({ dropped }) => dropped)).toEqual([1, 1, 1]);
    await Promise.all(streams.map((stream) => stream.return()));
  });

  it('ends with its signal, and with the client', async () => {
    await using fake = await pushing('');
    const client = open(fake);
    const controller = new AbortController();
    const aborted = client.pushes('*', { signal: controller.signal }).next();
    const closed = client.pushes().next();
    controller.abort(new Error('enough'));
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
    await client.close();
    expect(await closed).toEqual({ done: true, value: undefined });
    expect(await client.pushes().next()).toEqual({ done: true, value: undefined });
    expect(() => client.pushes('*', { buffer: { limit: 0 } })).toThrow(/buffer\.limit/);
    const options = { replies: 'text' } as never;
    expect(() => client.pushes('*', options)).toThrow(expect.objectContaining({ option: 'replies' }));
  });

  it('and callbacks let go of their signals when they have been called once, or the client is closed', async () => {
    await using fake = await pushing('>1\r\n+beat\r\n');
    const client = open(fake);
    const { signal } = new AbortController();
    client.registerPushCallback('beat', () => undefined, { signal, once: true });
    await client.call('GET', 'k');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    client.registerPushCallback('beat', () => undefined, { signal });
    const next = client.pushes('*', { signal }).next();
    expect(getEventListeners(signal, 'abort')).toHaveLength(2);
    await client.close();
    await next;
    client.registerPushCallback('beat', () => undefined, { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
