import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RedisClient } from '../src/index.js';
import { clientOf, testServer } from './support/test-server.js';

const server = await testServer();
let client: RedisClient;

beforeEach(() => {
  client = clientOf(server);
});
afterEach(async () => {
  await client.close();
});

describe('call', () => {
  it('opens nothing before the first command, then speaks RESP3', async () => {
    expect(client.status.current.state).toBe('down');
    expect(await client.call('SET', 'greeting', 'hello')).toBe('OK');
    expect(await client.call('GET', 'greeting')).toBe('hello');
    expect(await client.call(['GET', 'nothing'])).toBeNull();
    expect(client.status.current.state).toBe('ready');
    await client.call('HSET', 'h', 'a', 1, 'b', 2n);
    expect(await client.call('HGETALL', 'h')).toEqual(
      new Map([
        ['a', '1'],
        ['b', '2'],
      ]),
    );
  });

  it('keeps the order of the calls', async () => {
    const replies = await Promise.all(Array.from({ length: 1000 }, () => client.call('INCR', 'n')));
    expect(replies).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  it('rejects with the code of the server and the name of the command, never its arguments', async () => {
    await client.call('SET', 'text', 'secret');
    await expect(client.call('LPUSH', 'text', 'secret')).rejects.toMatchObject({
      name: 'ReplyError',
      code: 'WRONGTYPE',
      command: 'LPUSH',
      message: expect.not.stringContaining('secret'),
    });
  });

  it('refuses what cannot be sent before anything is', async () => {
    const before = client.call('INCR', 'n');
    await expect(client.call('SET', 'a', undefined as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(client.call('MULTI')).rejects.toMatchObject({ code: 'COMMAND_REFUSED', command: 'MULTI' });
    await expect(client.call('SUBSCRIBE', 'a')).rejects.toMatchObject({ code: 'COMMAND_REFUSED' });
    expect(await before).toBe(1);
  });

  it('gives bytes and objects to whoever asks, and to nobody else', async () => {
    await client.call('HSET', 'h', 'a', 'x');
    const [map, object, bytes, again] = await Promise.all([
      client.call('HGETALL', 'h'),
      client.with({ maps: 'object' }).call('HGETALL', 'h'),
      client.with({ replies: 'bytes' }).call<Uint8Array>('HGET', 'h', 'a'),
      client.call('HGET', 'h', 'a'),
    ]);
    expect(map).toEqual(new Map([['a', 'x']]));
    expect({ ...(object as object) }).toEqual({ a: 'x' });
    expect(bytes).toEqual(Buffer.from('x'));
    expect(again).toBe('x');
  });
});

describe('batches', () => {
  it('pipelines, with errors in their places', async () => {
    const replies = await client.pipeline([
      ['SET', 'a', '1'],
      ['LPUSH', 'a', 'x'],
      ['INCR', 'a'],
    ]);
    expect(replies).toEqual(['OK', expect.objectContaining({ code: 'WRONGTYPE', command: 'LPUSH' }), 2]);
  });

  it('executes transactions as a whole, or not at all', async () => {
    expect(
      await client.transaction([
        ['SET', 'a', '1'],
        ['LPUSH', 'a', 'x'],
        ['INCR', 'a'],
      ]),
    ).toEqual({
      aborted: false,
      replies: ['OK', expect.objectContaining({ code: 'WRONGTYPE' }), 2],
    });
    await expect(client.transaction([['SET', 'a', '7'], ['NOSUCHCOMMAND']])).rejects.toMatchObject({
      code: 'EXECABORT',
      cause: expect.objectContaining({ command: 'NOSUCHCOMMAND' }),
    });
    expect(await client.call('GET', 'a')).toBe('2');
  });

  it('aborts a transaction whose keys were changed', async () => {
    const outcome = await client.withConnection(async (session) => {
      await session.call('WATCH', 'a');
      await client.call('SET', 'a', 'other');
      return session.transaction([['SET', 'a', 'mine']]);
    });
    expect(outcome).toEqual({ aborted: true });
  });

  it('updates optimistically', async () => {
    await client.call('SET', 'stock', '100');
    const sell = () =>
      client.update(
        ['stock'],
        async (session) => {
          const left = Number(await session.call('GET', 'stock'));
          return [['SET', 'stock', left - 1]];
        },
        { attempts: 200 },
      );
    await Promise.all(Array.from({ length: 20 }, sell));
    expect(await client.call('GET', 'stock')).toBe('80');
  });

  it('runs scripts by their hash, and by their source after SCRIPT FLUSH', async () => {
    const script = 'return redis.call("INCRBY", KEYS[1], ARGV[1])';
    expect(await client.run(script, ['n'], [5])).toBe(5);
    expect(await client.run(script, ['n'], [5])).toBe(10);
    await client.call('SCRIPT', 'FLUSH');
    expect(await client.run(script, ['n'], [5])).toBe(15);
  });
});

describe('blocking commands', () => {
  it('hold up nobody', async () => {
    const popped = client.call('BLPOP', 'list', 0);
    expect(await client.call('PING')).toBe('PONG');
    await client.call('RPUSH', 'list', 'x');
    expect(await popped).toEqual(['list', 'x']);
    expect(await client.call('BLPOP', 'list', 0.05)).toBeNull();
  });

  it('can be aborted, and take nothing with them', async () => {
    const controller = new AbortController();
    const popped = client.with({ signal: controller.signal }).call('BLPOP', 'list', 0);
    const failed = expect(popped).rejects.toMatchObject({ code: 'ABORTED', maybeExecuted: false });
    await server.command('CLIENT', 'LIST');
    setTimeout(() => controller.abort(), 50);
    await failed;
    await client.call('RPUSH', 'list', 'x');
    expect(await client.call('LLEN', 'list')).toBe(1);
  });
});

describe('the end', () => {
  it('lets what was called end, refuses what comes later, and leaves nothing open', async () => {
    const pending = client.call('INCR', 'n');
    const closed = client.close();
    await expect(client.call('PING')).rejects.toMatchObject({ code: 'CLOSED', maybeExecuted: false });
    await closed;
    expect(await pending).toBe(1);
    expect(client.status.current.state).toBe('closed');
  });

  it('rejects what is pending when it is destroyed', async () => {
    const pending = client.call('BLPOP', 'list', 0);
    const failed = expect(pending).rejects.toMatchObject({ code: expect.stringMatching(/CLOSED/) });
    await client.call('PING');
    client.destroy();
    await failed;
  });
});

describe('a reader and an encoder of the user', () => {
  it('take the place of ours', async () => {
    const { Resp3Reader, writeCommand } = await import('@redlane/resp3-core');
    const seen: string[] = [];
    class Reader extends Resp3Reader {
      override feed(chunk: Uint8Array): void {
        seen.push('fed');
        super.feed(chunk);
      }
    }
    await using own = new RedisClient(server.host, server.port, {
      Reader,
      writeCommand(command, ...args) {
        seen.push(String(command));
        return writeCommand(command, ...args);
      },
    });
    expect(await own.call('SET', 'a', '1')).toBe('OK');
    expect(
      await own.pipeline([
        ['INCR', 'a'],
        ['LPUSH', 'a', 'x'],
        ['GET', 'a'],
      ]),
    ).toEqual([2, expect.objectContaining({ code: 'WRONGTYPE' }), '2']);
    expect(seen).toEqual(expect.arrayContaining(['HELLO', 'SET', 'INCR', 'fed']));
  });
});

describe('the halves of a call', () => {
  it('send and receive on a connection that the caller holds', async () => {
    const connection = await client.sendCommand(['SET', 'a', '1']);
    await client.sendCommand(['GET', 'a'], { connection });
    expect(await client.receive(connection)).toBe('OK');
    expect(await client.receive(connection)).toBe('1');
    const pushes: string[] = [];
    using _callback = client.registerPushCallback('*', (push) => pushes.push(push.pushType));
    const confirmed = client.receive(connection, true);
    await client.sendCommand(['SUBSCRIBE', 'news'], { connection });
    expect(await confirmed).toBeUndefined();
    const message = client.receive(connection, true);
    await client.call('PUBLISH', 'news', 'hello');
    await message;
    expect(pushes).toEqual(['subscribe', 'message']);
    client.connectionPool.putConnection(connection);
  });

  it('which says so when it has nothing to receive', async () => {
    const connection = await client.sendCommand(['PING']);
    expect(await client.receive(connection)).toBe('PONG');
    await expect(client.receive(connection)).rejects.toMatchObject({ code: 'INVALID_OPTION' });
    client.connectionPool.putConnection(connection);
  });

  it('which ends the wait for a push when it ends itself', async () => {
    const connection = await client.sendCommand(['PING']);
    const pushes = [client.receive(connection, true), client.receive(connection, true)];
    const outcomes = Promise.allSettled(pushes);
    connection.destroy(new Error('enough'));
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'CONNECTION_LOST', maybeExecuted: false, cause: { message: 'enough' } },
      });
    }
    await expect(client.receive(connection, true)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  it('with a deadline and a signal for the wait for a push, which leave the next one to others', async () => {
    const connection = await client.sendCommand(['PING']);
    const controller = new AbortController();
    const hasty = client.receive(connection, true, { timeoutMs: 20 });
    const aborted = client.receive(connection, true, { signal: controller.signal });
    const late = client.receive(connection, true, { signal: AbortSignal.abort('late') });
    const patient = client.receive(connection, true, { timeoutMs: 10_000 });
    await expect(late).rejects.toMatchObject({ code: 'ABORTED', cause: 'late' });
    await expect(hasty).rejects.toMatchObject({ code: 'TIMEOUT', timeoutMs: 20 });
    controller.abort('enough');
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED', cause: 'enough' });
    await client.sendCommand(['SUBSCRIBE', 'news'], { connection });
    expect(await patient).toBeUndefined();
    client.connectionPool.removeConnection(connection);
  });
});

it('gives pushes as text, whatever its replies are, unless their callback asks for bytes', async () => {
  await using bytes = clientOf(server, { replies: 'bytes' });
  const connection = await bytes.sendCommand(['GET', 'nothing']);
  expect(await bytes.receive(connection)).toBeNull();
  const heard: unknown[] = [];
  using _text = bytes.registerPushCallback('message', ({ data }) => heard.push(data));
  using _bytes = bytes.registerPushCallback('message', ({ data }) => heard.push(data), { replies: 'bytes' });
  const confirmed = bytes.receive(connection, true);
  await bytes.sendCommand(['SUBSCRIBE', 'news'], { connection });
  await confirmed;
  const message = bytes.receive(connection, true);
  await bytes.call('PUBLISH', 'news', Buffer.from([0xff]));
  await message;
  expect(heard).toEqual([
    ['news', '\ufffd'],
    [Buffer.from('news'), Buffer.from([0xff])],
  ]);
  bytes.connectionPool.removeConnection(connection);
});
