import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisClient } from '../src/index.js';
import {
  type RecordedEvent,
  Recorder,
  RecordingError,
  readRecording,
  record,
  validate,
} from '../src/recorder/index.js';

const SECRET = 'hunter2-is-a-secret';

let server: RedisServer;
let folder: string;
let path: string;

beforeAll(async () => {
  server = await startServer();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recorder-'));
  path = join(folder, 'redis.recording');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await server.command('FLUSHALL');
});

async function eventsOf(source: string | Readable = path): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const event of readRecording(source)) events.push(event);
  return events;
}

/** Commands as lines, replies by type and value, without the greeting. */
function summary(events: readonly RecordedEvent[]): unknown[] {
  const lines = events.flatMap<unknown>((event) => {
    if (event.kind === 'command') return [event.args.join(' ')];
    if (event.kind === 'reply' || event.kind === 'push') return [[event.node.type, event.node.value]];
    return [];
  });
  const greeted = lines.findLastIndex((line) => Array.isArray(line) && line[1] === 'PONG');
  return lines.slice(greeted + 1);
}

describe.each([2, 3] as const)('a recording of RESP%i', (protocol) => {
  it('has commands, replies and their types, with the greeting and the end', async () => {
    const recorder = new Recorder(path);
    const client = new RedisClient({ host: server.host, port: server.port, protocol, recorder });
    const before = Date.now();
    await client.call('SET', 'k', 'ü');
    await client.pipeline([
      ['GET', 'k'],
      ['INCR', 'n'],
      ['LPUSH', 'k', 'x'],
    ]);
    await client.call('HGETALL', 'none');
    await client.close();
    await recorder.close();
    const events = await eventsOf();

    expect(events[0]).toMatchObject({
      kind: 'open',
      connection: 1,
      address: `${server.host}:${server.port}`,
      earlier: 0,
    });
    expect(events[1]).toMatchObject({
      kind: 'command',
      args: protocol === 3 ? ['HELLO', '3'] : ['CLIENT', ...Array(3).fill(expect.any(String))],
    });
    const wrongType = expect.objectContaining({ code: 'WRONGTYPE' });
    expect(summary(events)).toEqual([
      'SET k ü',
      ['+', 'OK'],
      'GET k',
      'INCR n',
      'LPUSH k x',
      ['$', 'ü'],
      [':', 1],
      ['-', wrongType],
      'HGETALL none',
      [protocol === 3 ? '%' : '*', []],
    ]);
    expect(events.at(-2)).toMatchObject({ kind: 'close', connection: 1 });
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'closed' });
    const times = events.map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times[0]).toBeGreaterThan(before - 1_000);
    expect(times.at(-1)).toBeLessThan(Date.now() + 1_000);
    expect(await validate(path)).toMatchObject({ connections: 1, unanswered: 0, problems: [] });
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('has pushes, blocking commands and transactions, each on its connection', async () => {
    await using recorder = new Recorder(path);
    const client = new RedisClient({ host: server.host, port: server.port, protocol, recorder });
    const got = withResolvers();
    const subscription = await client.subscribe('news', (message) => got.resolve(message.payload));
    await server.command('PUBLISH', 'news', 'hello');
    await got.promise;
    await subscription.unsubscribe();
    await client.call('BLPOP', 'none', 0.01);
    await client.transaction([
      ['INCR', 'n'],
      ['GET', 'n'],
    ]);
    await client.close();
    await recorder.close();
    const events = await eventsOf();
    const pushes = events.flatMap((event) => (event.kind === 'push' ? [event] : []));
    expect(pushes.length).toBeGreaterThanOrEqual(3);
    expect(JSON.stringify(pushes)).toContain('"hello"');
    const report = await validate(path);
    expect(report).toMatchObject({ problems: [], unanswered: 0 });
    expect(report.connections).toBe(protocol === 3 ? 2 : 3);
  });
});

describe('secrets', () => {
  it('are nowhere in a recording, also when packets are cut and the server quotes them', async () => {
    const acl = await startServer({ password: SECRET });
    const proxy = await startFaultProxy({ target: acl });
    proxy.set({ split: 7 });
    const recorder = new Recorder(path);
    const client = new RedisClient({ host: proxy.host, port: proxy.port, password: SECRET, recorder });
    const quiet = (): undefined => undefined;
    await client.call('CONFIG', 'SET', 'masterauth', SECRET);
    await client.call('CONFIG', 'GET', '*');
    await client.call('ACL', 'SETUSER', 'bob', 'on', `>${SECRET}`, '~*', '+@all');
    await client.call('ACL', 'SETUSER', 'bob', `#${SECRET}`).catch(quiet);
    await client.call('ACL', 'GETUSER', 'bob');
    await client.call('MIGRATE', '127.0.0.1', 1, 'k', 0, 5, 'AUTH', SECRET).catch(quiet);
    await client.transaction([
      ['CONFIG', 'GET', 'requirepass'],
      ['SET', 'k', 'public'],
    ]);
    // One by one: Redis from 7.2 on and Valkey before 8.1.3 do not answer a failed login behind other commands.
    const connection = await client.sendCommand(['AUTH', SECRET]);
    await client.receive(connection);
    await client.sendCommand(['auth', 'default', Buffer.from(SECRET)], { connection });
    await client.receive(connection);
    await client.sendCommand(['AUTH', `${SECRET}!`], { connection });
    await client.receive(connection).catch(quiet);
    client.connectionPool.removeConnection(connection);
    await client.close();
    await recorder.close();
    await proxy.close();
    await acl.stop();

    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256').update(SECRET).digest('hex');
    let text = await readFile(path, 'utf8');
    for await (const event of readRecording(path)) text += JSON.stringify(event);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(hash);
    for (const at of [0, 1, 2]) {
      // Wherever it begins in a group of three bytes, base64 has its middle.
      const middle = Buffer.from(' '.repeat(at) + SECRET)
        .toString('base64')
        .slice(4, -4);
      expect(text).not.toContain(middle);
    }
    expect(text).toContain('public');
    expect(text.match(/<redacted>/g)?.length).toBeGreaterThan(10);
    expect(await validate(path)).toMatchObject({ problems: [], unanswered: 0 });
  });

  it('of your own are taken out by a function', async () => {
    const recorder = new Recorder(path, {
      redact: (args) => {
        if (args[0] === 'GET') throw new Error('no idea');
        return args[0] === 'SET' ? [args[0], args[1] as string, 'hidden'] : args;
      },
    });
    const client = new RedisClient({ host: server.host, port: server.port, recorder });
    await client.call('SET', 'k', SECRET);
    await client.call('GET', 'k');
    await client.call('ECHO', 'shown');
    await client.close();
    await recorder.close();
    expect(summary(await eventsOf())).toEqual([
      'SET k hidden',
      ['+', 'OK'],
      'GET <redacted>',
      ['$', '<redacted>'],
      'ECHO shown',
      ['$', 'shown'],
    ]);
  });
});

describe('attaching', () => {
  it('records connections that are open, from the next reply on that begins', async () => {
    const proxy = await startFaultProxy({ target: server });
    const client = new RedisClient({ host: proxy.host, port: proxy.port });
    await client.call('SET', 'long', 'x'.repeat(100_000));
    proxy.set({ drip: { bytes: 1_000, everyMs: 1 } }, 'toClient');
    const recorder = await client.withConnection(async (session) => {
      const long = session.call<string>('GET', 'long');
      await expect.poll(() => session.connection.midReply, { interval: 1 }).toBe(true);
      const begun = record(client, path);
      // The shared connection is between two replies.
      expect(begun.status.records).toBe(1);
      expect(await long).toHaveLength(100_000);
      await session.call('ECHO', 'seen');
      return begun;
    });
    await recorder.close();
    await client.call('ECHO', 'not seen');
    await client.close();
    await proxy.close();
    const events = await eventsOf();
    expect(events.filter(({ kind }) => kind === 'open')).toHaveLength(2);
    expect(summary(events)).toEqual(['ECHO seen', ['$', 'seen']]);
    expect(await validate(path)).toMatchObject({ problems: [], unanswered: 0 });
  });

  it('ends with the disposable, and allows one recorder at a time', async () => {
    const client = new RedisClient({ host: server.host, port: server.port });
    await client.call('PING');
    await using recorder = new Recorder(path);
    const attached = recorder.attach(client);
    expect(() => record(client, join(folder, 'other'))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'recorder' }),
    );
    await client.call('ECHO', 'one');
    attached[Symbol.dispose]();
    await client.call('ECHO', 'two');
    recorder.attach(client);
    await client.call('ECHO', 'three');
    await client.close();
    await recorder.close();
    expect(() => recorder.attach(client)).toThrow('recorder has ended (closed): make a new one');
    const events = await eventsOf();
    const words = events.flatMap((event) => (event.kind === 'command' ? [event.args.join(' ')] : []));
    expect(words).toEqual(['ECHO one', 'ECHO three']);
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['open', 'command', 'reply', 'close'],
      ...['open', 'command', 'reply', 'close', 'end'],
    ]);
  });

  it('hides the replies that it cannot know', async () => {
    const proxy = await startFaultProxy({ target: server });
    const client = new RedisClient({ host: proxy.host, port: proxy.port });
    await client.call('PING');
    proxy.set({ stalled: true }, 'toClient');
    const asked = proxy.waitForCommand('ECHO', { forwarded: true });
    const earlier = client.call('ECHO', SECRET);
    await asked;
    const recorder = record(client, path);
    const later = client.call('ECHO', 'shown');
    proxy.set({}, 'toClient');
    await Promise.all([earlier, later]);
    await client.close();
    await recorder.close();
    await proxy.close();
    const events = await eventsOf();
    expect(events[0]).toMatchObject({ kind: 'open', earlier: 1 });
    expect(summary(events)).toEqual(['ECHO shown', ['$', '<redacted>'], ['$', 'shown']]);
    expect(await validate(path)).toMatchObject({ problems: [], unanswered: 0 });
  });
});

describe('bounds and trouble', () => {
  it('ends before it is too large, and the client goes on', async () => {
    const recorder = new Recorder(path, { maxBytes: 10_000 });
    await using client = new RedisClient({ host: server.host, port: server.port, recorder });
    for (let i = 0; i < 100; i++) await client.call('ECHO', 'x'.repeat(100));
    expect(recorder.status).toMatchObject({ ended: 'maxBytes' });
    await recorder.close();
    const { size } = await stat(path);
    expect(size).toBe(recorder.status.bytes);
    expect(size).toBeGreaterThan(9_000);
    expect(size).toBeLessThanOrEqual(10_000);
    const events = await eventsOf();
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'maxBytes' });
    expect(await validate(path)).toMatchObject({ problems: [] });
  });

  it('ends when the sink does not keep up, and holds no more than it may', async () => {
    let write: () => void = () => undefined;
    const slow = new Writable({
      write: (_chunk, _encoding, done) => {
        write = done;
      },
    });
    const recorder = new Recorder(slow, { maxPendingBytes: 5_000 });
    await using client = new RedisClient({ host: server.host, port: server.port, recorder });
    for (let i = 0; i < 100; i++) await client.call('ECHO', 'x'.repeat(100));
    expect(recorder.status.ended).toBe('slow');
    expect(slow.writableLength).toBeLessThanOrEqual(5_200);
    const closed = recorder.close();
    for (let end = false; !end; ) {
      write();
      end = await Promise.race([
        closed.then(() => true),
        new Promise<false>((next) => setImmediate(next, false)),
      ]);
    }
    expect(slow.destroyed).toBe(false);
  });

  it('reports a sink that fails once, and the client goes on', async () => {
    const errors: Error[] = [];
    const onError = (error: Error): void => void errors.push(error);
    const nowhere = new Recorder(join(folder, 'no', 'such', 'folder'), { onError });
    await using client = new RedisClient({ host: server.host, port: server.port, recorder: nowhere });
    expect(await client.call('ECHO', 'works')).toBe('works');
    await expect.poll(() => nowhere.status.ended).toBe('error');
    expect(await client.call('ECHO', 'works')).toBe('works');
    await nowhere.close();
    expect(errors).toMatchObject([{ code: 'ENOENT' }]);
    expect(nowhere.status.ended).toBe('error');

    const destroyed = new PassThrough();
    destroyed.destroy();
    const second = new Recorder(destroyed, { onError });
    await second.close();
    expect(errors).toHaveLength(2);
  });

  it('ends when a stream throws', async () => {
    const errors: Error[] = [];
    const broken = new Writable({
      write: () => {
        throw new Error('broken');
      },
    });
    const recorder = new Recorder(broken, { onError: (error) => errors.push(error) });
    await using client = new RedisClient({ host: server.host, port: server.port, recorder });
    expect(await client.call('ECHO', 'works')).toBe('works');
    await recorder.close();
    expect(errors).toMatchObject([{ message: 'broken' }]);
  });

  it('does not keep a reply that is too large for it', async () => {
    await server.command('SET', 'large', 'x'.repeat(1_000_000));
    const recorder = new Recorder(path, { maxBytes: 100_000 });
    await using client = new RedisClient({ host: server.host, port: server.port, recorder });
    expect(await client.call('GET', 'large')).toHaveLength(1_000_000);
    await recorder.close();
    const events = await eventsOf();
    expect(summary(events)).toEqual(['GET large']);
    expect(events.at(-1)).toMatchObject({ kind: 'end', reason: 'maxBytes' });
  });

  it('warns when nobody asked for errors', async () => {
    const warned = new Promise<NodeJS.ErrnoException>((resolve) => process.once('warning', resolve));
    const recorder = new Recorder(join(folder, 'no', 'folder'));
    expect(await warned).toMatchObject({ name: 'RecorderWarning', code: 'REDLANE_RECORDER' });
    await recorder.close();
  });

  it('refuses options that make no sense', () => {
    const refused = (option: string): unknown => expect.objectContaining({ code: 'INVALID_OPTION', option });
    expect(() => new Recorder(5 as never)).toThrow(refused('target'));
    expect(() => new Recorder({} as never)).toThrow(refused('target'));
    expect(() => new Recorder(path, { maxBytes: 0 })).toThrow(refused('maxBytes'));
    expect(() => new Recorder(path, { redact: 'yes' as never })).toThrow(refused('redact'));
    expect(() => new RedisClient({ recorder: {} as never })).toThrow(refused('recorder'));
  });
});

const HEADER = '{"format":"redlane-recording","version":1,"startedAt":"2026-01-01T00:00:00.000Z"}';
const OPEN = '{"k":"open","t":1,"c":1,"at":"here","earlier":0}';
const line = (k: string, resp: string, t = 2): string =>
  JSON.stringify({ k, t, c: 1, resp: Buffer.from(resp).toString('base64') });
const source = (...lines: string[]): Readable => Readable.from([lines.join('\n')]);

describe('reading', () => {
  it('gives bytes where bytes are asked for', async () => {
    const lines = [
      HEADER,
      OPEN,
      line('command', '*2\r\n$3\r\nGET\r\n$1\r\n\xff\r\n'.replace('\xff', 'k')),
      line('reply', '$1\r\nv\r\n'),
    ];
    const events: RecordedEvent[] = [];
    for await (const event of readRecording(source(...lines), { replies: 'bytes' })) events.push(event);
    expect(events[1]).toMatchObject({
      args: [expect.any(Uint8Array), expect.any(Uint8Array)],
      atMs: Date.UTC(2026) + 2,
    });
    expect(events[2]).toMatchObject({ kind: 'reply', node: { type: '$', value: expect.any(Uint8Array) } });
  });

  it('ends where the process ended that wrote it', async () => {
    const whole = [HEADER, OPEN, line('command', '*1\r\n$4\r\nPING\r\n')];
    const cut = { kind: 'end', reason: 'cut' };
    expect((await eventsOf(source(...whole))).at(-1)).toMatchObject(cut);
    const events = await eventsOf(source(...whole, line('reply', '+PONG\r\n').slice(0, -5)));
    expect(events.map(({ kind }) => kind)).toEqual(['open', 'command', 'end']);
    expect(events.at(-1)).toMatchObject(cut);
  });

  it.each([
    ['nothing', [''], 1],
    ['something else', ['{}'], 1],
    ['no JSON', ['hello'], 1],
    ['another version', [HEADER.replace('1', '2')], 1],
    ['damage in the middle', [HEADER, '{"k":', OPEN], 2],
    ['an unknown kind', [HEADER, '{"k":"what","t":1,"c":1}', OPEN], 2],
    ['half an object', [HEADER, OPEN, line('reply', '$5\r\nab'), OPEN], 3],
    ['two objects', [HEADER, OPEN, line('reply', '+a\r\n+b\r\n+c\r\n'), OPEN], 3],
    ['a command that is none', [HEADER, OPEN, line('command', '+PING\r\n'), OPEN], 3],
  ])('refuses %s', async (_what, lines, at) => {
    const reading = eventsOf(source(...lines));
    await expect(reading).rejects.toBeInstanceOf(RecordingError);
    await expect(reading).rejects.toMatchObject({ code: 'INVALID_RECORDING', line: at });
  });

  it('passes the error of a file on', async () => {
    await expect(eventsOf(join(folder, 'nothing'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('validate', () => {
  const command = (...words: string[]): string =>
    line('command', `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`);
  const problemsOf = async (...lines: string[]): Promise<unknown> =>
    (await validate(source(HEADER, OPEN, ...lines))).problems.map(({ line: at, problem }) => [at, problem]);

  it('finds a reply too many, and one before its command', async () => {
    expect(await problemsOf(command('GET', 'k'), line('reply', '+a\r\n'), line('reply', '+b\r\n'))).toEqual([
      [5, 'a reply, but no command waits for one'],
    ]);
    expect(await problemsOf(line('reply', '+a\r\n'), command('GET', 'k'))).toEqual([
      [3, 'a reply, but no command waits for one'],
    ]);
  });

  it('finds replies that were swapped', async () => {
    expect(
      await problemsOf(
        command('ECHO', 'a'),
        command('ECHO', 'b'),
        command('PING'),
        line('reply', '$1\r\nb\r\n'),
        line('reply', '$1\r\na\r\n'),
        line('reply', '+PONG\r\n'),
      ),
    ).toEqual([
      [6, 'not a reply to ECHO'],
      [7, 'not a reply to ECHO'],
    ]);
  });

  it('finds a transaction with replies too few', async () => {
    const begin = [
      command('MULTI'),
      line('reply', '+OK\r\n'),
      command('GET', 'a'),
      line('reply', '+QUEUED\r\n'),
    ];
    expect(await problemsOf(...begin, command('EXEC'), line('reply', '*0\r\n'))).toEqual([
      [8, 'EXEC has 0 replies for 1 commands'],
    ]);
    expect(await problemsOf(...begin, command('EXEC'), line('reply', '*1\r\n$-1\r\n'))).toEqual([]);
    expect(await problemsOf(command('MULTI'), line('reply', '$1\r\nx\r\n'))).toEqual([
      [4, 'not a reply to MULTI'],
    ]);
  });

  it('counts what got no reply, and does not mind', async () => {
    const report = await validate(source(HEADER, OPEN, command('GET', 'k'), command('GET', 'l')));
    expect(report).toEqual({
      ...{ connections: 1, commands: 2, replies: 0, pushes: 0, errors: 0, unanswered: 2 },
      problems: [],
    });
  });

  it('minds records of connections that are not open', async () => {
    const report = await validate(source(HEADER, command('GET', 'k')));
    expect(report.problems).toEqual([{ line: 2, connection: 1, problem: 'the connection is not open' }]);
  });
});

function withResolvers(): { promise: Promise<unknown>; resolve: (value: unknown) => void } {
  let resolve: (value: unknown) => void = () => undefined;
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
