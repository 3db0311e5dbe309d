import { RedisClient as Client } from '@redlane/client';
import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  RedisClient,
  RedisClientBase,
  RedisConnectionDown,
  RedisReplyException,
  RoutineContainer,
} from '../src/index.js';
import { connectionsOf, open, untilBlocked } from './support/open.js';

let server: RedisServer;
let proxy: FaultProxy;
let client: RedisClient;
const container = new RoutineContainer();

beforeAll(async () => {
  server = await startServer();
  proxy = await startFaultProxy({ target: server });
});
afterAll(async () => {
  await proxy.close();
  await server.stop();
});
beforeEach(async () => {
  await server.command('FLUSHALL');
  await proxy.restore();
  proxy.clearCommands();
  client = open(proxy, { protocol: { clientName: 'test' } });
});
afterEach(async () => {
  await client.shutdown({ force: true });
  await expect.poll(() => connectionsOf(server, 'test')).toEqual([]);
});

const LONG = "return redis.call('INCRBY', KEYS[1], tonumber(ARGV[1]))";

/** The connections that commands of this name came on. */
function connectionsFor(name: string): Set<number> {
  return new Set(proxy.commands({ name }).map(({ connectionId }) => connectionId));
}

describe('executeCommand', () => {
  it('takes text, numbers and bytes, with and without a container, as words or as a list', async () => {
    expect(await client.executeCommand('SET', 'a', Buffer.from('é'))).toBe('OK');
    expect(await client.executeCommand(container, 'GET', 'a')).toBe('é');
    expect(await client.executeCommand(['INCRBY', 'n', 3n])).toBe(3);
    expect(await client.executeCommand(container, ['INCRBY', 'n', 4], { timeoutMs: 1_000 })).toBe(7);
    expect(await client.executeCommand('GET', 'nothing', { timeoutMs: 1_000 })).toBeNull();
    expect(await client.executeCommand('MGET', 'a', 'nothing')).toEqual(['é', null]);
    // Names, too.
    expect(await client.executeCommand(new TextEncoder().encode('subscribe'), 'x')).toEqual([
      'subscribe',
      'x',
      1,
    ]);
    await expect(client.executeCommand(new TextEncoder().encode('multi'))).rejects.toThrow(
      'MULTI was not sent',
    );
  });

  it('throws the error of the server in two parts', async () => {
    await client.executeCommand('SET', 'a', 'text');
    const failure = client.executeCommand('LPUSH', 'a', 'secret');
    await expect(failure).rejects.toBeInstanceOf(RedisReplyException);
    await expect(failure).rejects.toMatchObject({
      subtype: 'WRONGTYPE',
      code: 'WRONGTYPE',
      describe: 'Operation against a key holding the wrong kind of value',
      command: 'LPUSH',
      maybeExecuted: false,
    });
  });

  it.each([[[]], [['']]])('refuses %j before anything is sent, as VLCP does', async (words: string[]) => {
    await expect(client.executeCommand(words)).rejects.toMatchObject({
      name: 'RedisProtocolException',
      code: 'INVALID_COMMAND',
    });
    await expect(client.executeCommand(...words)).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
    expect(proxy.commands()).toEqual([]);
  });

  it('refuses what has no text, rather than to invent one', async () => {
    await expect(client.executeCommand('SET', 'a', undefined as never)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });

  it('waits up to the timeout for a connection, then it is down, and nothing was sent', async () => {
    await proxy.refuse('CLOSED');
    client.timeoutMs = 60;
    await expect(client.executeCommand('PING')).rejects.toMatchObject({
      name: 'RedisConnectionDown',
      maybeExecuted: false,
      cause: { code: 'CONNECT_FAILED' },
    });
    await expect(client.getConnection()).rejects.toBeInstanceOf(RedisConnectionDown);
    client.timeoutMs = 0;
    const waiting = client.executeCommand('PING');
    await proxy.accept();
    expect(await waiting).toBe('PONG');
  });

  it('keeps the order of the calls', async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => client.executeCommand('INCR', 'n')));
    expect(replies).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('ends with its signal or container', async () => {
    await proxy.refuse('CLOSED');
    const inner = new RoutineContainer();
    const calls = [
      client.executeCommand(inner, 'PING'),
      client.executeCommand('PING', { signal: inner.signal }),
      client.getConnection(inner),
      client.subscribe(inner, 'a'),
      client.batchExecute(inner, ['PING']),
    ];
    const ended = Promise.all(calls.map((call) => expect(call).rejects.toMatchObject({ code: 'ABORTED' })));
    inner.terminate();
    await ended;
    await expect(client.executeCommand(inner, 'PING')).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('sends each command over the connection that it belongs on', async () => {
    await client.executeCommand('SET', 'a', 1);
    const blocked = client.executeCommand('BRPOP', 'l', 0);
    await untilBlocked(server);
    expect(await client.executeCommand('SUBSCRIBE', 'x', 'y')).toEqual(['subscribe', 'y', 2]);
    await client.executeCommand('RPUSH', 'l', 'e');
    expect(await blocked).toEqual(['l', 'e']);
    const lines = ['SET', 'BRPOP', 'SUBSCRIBE'].map((name) => [...connectionsFor(name)]);
    expect(lines.map((line) => line.length)).toEqual([1, 1, 1]);
    expect(new Set(lines.flat()).size).toBe(3);
    // The connection of BRPOP was given back.
    await client.executeCommand('BLPOP', 'l', 0.01);
    expect(connectionsFor('BLPOP')).toEqual(connectionsFor('BRPOP'));
  });

  it('a bare SUBSCRIBE counts nothing, and leaves the subscriptions of others alone', async () => {
    const [matcher] = await client.subscribe('x');
    expect(await client.executeCommand('SUBSCRIBE', 'x', 'x')).toEqual(['subscribe', 'x', 1]);
    expect(await client.executeCommand('PSUBSCRIBE', 'p*')).toEqual(['psubscribe', 'p*', 2]);
    expect(await client.executeCommand('UNSUBSCRIBE', 'x')).toEqual(['unsubscribe', 'x', 2]);
    const message = matcher!.wait();
    await server.command('PUBLISH', 'x', 'still');
    expect((await message).message).toBe('still');
    expect(await client.executeCommand('PUNSUBSCRIBE')).toEqual(['punsubscribe', 'p*', 1]);
    await client.unsubscribe('x');
    expect(await client.executeCommand('UNSUBSCRIBE')).toEqual(['unsubscribe', null, 0]);
    await expect(client.executeCommand('SUBSCRIBE')).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
  });

  it('unsubscribe() ends a bare SUBSCRIBE, as in VLCP', async () => {
    await client.executeCommand('SUBSCRIBE', 'x');
    await client.unsubscribe('x');
    expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]);
    await client.unsubscribe('never');
  });
});

describe('batchExecute', () => {
  it('gives replies in order, with errors in their places', async () => {
    const expected = ['OK', expect.any(RedisReplyException), 2];
    const commands = [
      ['SET', 'a', 1],
      ['LPUSH', 'a', 'x'],
      ['INCR', 'a'],
    ];
    expect(await client.batchExecute(commands)).toEqual(expected);
    expect(await client.batchExecute(container, ...commands)).toEqual(expected);
    expect(await client.batchExecute(...commands, { raiseFirstException: false })).toEqual(expected);
  });

  it('or throws the first error, after all were executed', async () => {
    await client.executeCommand('SET', 'a', 'text');
    const commands = [['LPUSH', 'a', 'x'], ['NOSUCH'], ['SET', 'b', 'set']];
    await expect(client.batchExecute(commands, { raiseFirstException: true })).rejects.toMatchObject({
      subtype: 'WRONGTYPE',
      command: 'LPUSH',
    });
    expect(await client.executeCommand('GET', 'b')).toBe('set');
  });

  it('gives [] for nothing', async () => {
    expect(await client.batchExecute()).toEqual([]);
    expect(await client.batchExecute(container)).toEqual([]);
    expect(await client.batchExecute([])).toEqual([]);
    expect(proxy.commands()).toEqual([]);
  });

  it('refuses all when one cannot be sent', async () => {
    await expect(client.batchExecute(['SET', 'a', 1], [])).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
    await expect(client.batchExecute(['SET', 'a', 1], ['SUBSCRIBE', 'x'])).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
      message: expect.stringContaining('subscribe()'),
    });
    await expect(client.batchExecute(['SET', 'a', 1], ['QUIT'])).rejects.toThrow('shutdown()');
    expect(await client.executeCommand('EXISTS', 'a')).toBe(0);
  });
});

describe('scripts', () => {
  it('shorter than 43 characters are sent as they are', async () => {
    const script = await client.registerScript(container, 'return ARGV[1]');
    expect(script).toEqual([null, 'return ARGV[1]']);
    expect(await client.evalRegistered(container, script, 0, 'x')).toBe('x');
    expect(proxy.commands({ name: 'EVAL' })).toHaveLength(1);
    expect(proxy.commands({ name: 'EVALSHA' })).toEqual([]);
  });

  it('longer ones by their SHA-1, and by their text where that is not known', async () => {
    await server.command('SCRIPT', 'FLUSH');
    const script = await client.registerScript(LONG);
    expect(await client.evalRegistered(script, 1, 'n', 5)).toBe(5);
    expect(await client.evalRegistered(container, script, 1, 'n', 5, { timeoutMs: 1_000 })).toBe(10);
    expect(proxy.commands({ name: 'EVALSHA' })).toHaveLength(2);
    expect(proxy.commands({ name: 'EVAL' })).toHaveLength(1);
    const bytes = await client.registerScript(Buffer.from(LONG));
    expect(bytes[0]).toBe(script[0]);
    await expect(client.evalRegistered(script, 1, 'n', 'x')).rejects.toMatchObject({ subtype: 'ERR' });
    await expect(client.ensureRegistered(LONG as never)).rejects.toMatchObject({ code: 'INVALID_COMMAND' });
  });

  it('errors inside of a reply are exceptions, too', async () => {
    await client.executeCommand('SET', 'a', 'text');
    await using connection = await client.getConnection();
    const replies = await connection.batchExecute(['MULTI'], ['INCR', 'a'], ['GET', 'a'], ['EXEC']);
    expect(replies).toEqual(['OK', 'QUEUED', 'QUEUED', [expect.any(RedisReplyException), 'text']]);
    await connection.executeCommand('MULTI');
    await connection.executeCommand('INCR', 'a');
    expect(await connection.executeCommand('EXEC')).toEqual([expect.objectContaining({ subtype: 'ERR' })]);
  });
});

describe('exclusive connections', () => {
  it('are lent by the pool, last in first out, with the database of the client', async () => {
    await using other = open(server, { db: 4 });
    const connection = await other.getConnection(container);
    expect(String(await connection.executeCommand('CLIENT', 'INFO'))).toContain(' db=4 ');
    const id = await connection.executeCommand('CLIENT', 'ID');
    await connection.release(container);
    await using again = await other.getConnection();
    expect(await again.executeCommand('CLIENT', 'ID')).toBe(id);
    expect(again.timeoutMs).toBe(other.timeoutMs);
  });

  it("may block, and are nobody else's", async () => {
    await using connection = await client.getConnection();
    const popped = connection.executeCommand('BLPOP', 'l', 0);
    const behind = connection.executeCommand('ECHO', 'behind');
    await untilBlocked(server);
    await client.executeCommand('RPUSH', 'l', 'x');
    expect(await popped).toEqual(['l', 'x']);
    expect(await behind).toBe('behind');
    expect(await connection.batchExecute(['SET', 'a', 1], ['BLPOP', 'a', 0], ['GET', 'a'])).toEqual([
      'OK',
      expect.objectContaining({ subtype: 'WRONGTYPE' }),
      '1',
    ]);
    await expect(connection.executeCommand('QUIT')).rejects.toThrow('shutdown()');
    await expect(connection.executeCommand('RESET')).rejects.toThrow('release()');
    await expect(connection.executeCommand('MONITOR')).rejects.toMatchObject({ code: 'COMMAND_REFUSED' });
  });

  it('are closed by shutdown, after the replies that they owe, or at once', async () => {
    const connection = await client.getConnection();
    const reply = connection.executeCommand('PING');
    await connection.shutdown();
    expect(await reply).toBe('PONG');
    await expect.poll(() => connectionsOf(server, 'test')).toEqual([]);
    await expect(connection.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });

    const stalled = await client.getConnection();
    proxy.set({ stalled: true }, 'toClient');
    const sent = proxy.waitForCommand('PING');
    const lost = expect(stalled.executeCommand('PING')).rejects.toMatchObject({ maybeExecuted: true });
    await sent;
    await stalled.shutdown({ force: true });
    await lost;
  });

  it('replies that are still owed at a release are waited for', async () => {
    const connection = await client.getConnection();
    const reply = connection.executeCommand('PING');
    await connection.release();
    expect(await reply).toBe('PONG');
  });

  it('may be made of their parts', async () => {
    await using lazy = new RedisClientBase(undefined, client);
    expect(await lazy.executeCommand('PING')).toBe('PONG');
    await expect(new RedisClientBase().executeCommand('PING')).rejects.toMatchObject({
      code: 'CONNECTION_DOWN',
      message: expect.stringContaining('not connected'),
    });
  });
});

describe('contexts', () => {
  it('give the connection back at the end, and not without release', async () => {
    const connection = await client.getConnection();
    {
      await using context = connection.context(container, { release: false });
      expect(context.connection).toBe(connection);
      expect(await context.executeCommand('PING')).toBe('PONG');
      expect(await context.batchExecute(['PING'])).toEqual(['PONG']);
    }
    expect(await connection.executeCommand('PING')).toBe('PONG');
    expect(await connection.context({}, (context) => context.executeCommand('PING'))).toBe('PONG');
    await expect(connection.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
  });

  it('inside of each other release with the last one', async () => {
    const connection = await client.getConnection();
    const outer = connection.context({ release: false });
    await connection.context({}, (inner) => inner.executeCommand('WATCH', 'a'));
    await client.executeCommand('SET', 'a', 1);
    // Still the same connection, with what it watches.
    expect(await outer.batchExecute(['MULTI'], ['PING'], ['EXEC'])).toEqual(['OK', 'QUEUED', null]);
    await outer[Symbol.asyncDispose]();
    await outer[Symbol.asyncDispose]();
    await expect(connection.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
  });

  it('what was not written yet when the connection was lost does not go to the next', async () => {
    await using shared = new Client(server.url);
    const compat = new RedisClient(null, null, shared);
    await using context = compat.context({ release: false });
    await context.executeCommand('SET', 'n', 1);
    const unsent = context.executeCommand('INCR', 'n');
    shared.connection?.destroy(new Error('cut'));
    await expect(unsent).rejects.toMatchObject({ code: 'CONNECTION_RESTARTED', maybeExecuted: false });
    expect(await shared.call('GET', 'n')).toBe('1');
  });

  it('of a client itself shut it down at the end: VLCP does', async () => {
    await client.context({ release: true }, () => client.executeCommand('PING'));
    await expect(client.executeCommand('PING')).rejects.toMatchObject({ code: 'SHUTDOWN' });
  });

  it('do not keep others off the connection: VLCP does not', async () => {
    await using _context = client.context({ release: false });
    await client.executeCommand('SET', 'a', 1);
    expect(await client.executeCommand(container, 'GET', 'a')).toBe('1');
  });

  it.each(['the client', 'an exclusive connection'])(
    'with lockconn on %s, nothing goes over to another connection',
    async (which) => {
      const base: RedisClientBase = which === 'the client' ? client : await client.getConnection();
      const context = base.context({ release: false });
      await context.executeCommand('SET', 'a', 1);
      const sent = proxy.waitForCommand('INCR', { forwarded: true });
      proxy.set({ stalled: true }, 'toClient');
      const lost = context.executeCommand('INCR', 'a');
      const failed = expect(lost).rejects.toMatchObject({
        code: 'CONNECTION_RESTARTED',
        maybeExecuted: true,
      });
      await sent;
      proxy.cut('RST');
      await failed;
      await proxy.restore();
      // However often it is tried, and from wherever.
      for (const target of [context, base, context]) {
        await expect(target.executeCommand('INCR', 'a')).rejects.toMatchObject({
          name: 'RedisConnectionRestarted',
          maybeExecuted: false,
          cause: expect.any(Error),
        });
        await expect(target.batchExecute(['INCR', 'a'])).rejects.toBeInstanceOf(RedisConnectionDown);
      }
      await context[Symbol.asyncDispose]();
      expect(await base.executeCommand('GET', 'a')).toBe('2');
    },
  );

  it('lock from their first command on, not before', async () => {
    await client.executeCommand('PING');
    const context = client.context({ release: false });
    const again = proxy.waitForConnection();
    proxy.cut('RST');
    await again;
    expect(await context.executeCommand('PING')).toBe('PONG');
    await context[Symbol.asyncDispose]();
  });

  it('without lockconn, the connection comes back', async () => {
    await using connection = await client.getConnection();
    await using context = connection.context({ lockconn: false, release: false });
    await context.executeCommand('SET', 'a', 1);
    proxy.cut('FIN');
    await expect.poll(() => context.executeCommand('GET', 'a').catch(String)).toBe('1');
  });

  it('a WATCH inside of one is never lost without a word, over restarts of the server', async () => {
    const connection = await client.getConnection();
    const context = connection.context();
    await context.executeCommand('WATCH', 'stock');
    await server.restart('SIGKILL');
    await expect(
      context.batchExecute(['MULTI'], ['SET', 'stock', 1], ['EXEC'], { raiseFirstException: true }),
    ).rejects.toMatchObject({ code: 'CONNECTION_RESTARTED' });
    await context[Symbol.asyncDispose]();
    expect(await server.command('EXISTS', 'stock')).toBe(0);
    await expect.poll(() => client.executeCommand('PING').catch(String)).toBe('PONG');
  });
});

describe('shutdown', () => {
  it('closes everything, lets what is under way end, and does no harm twice', async () => {
    await client.subscribe('a');
    const reply = client.executeCommand('PING');
    const blocked = client.executeCommand('BLPOP', 'l', 0);
    const ended = expect(blocked).rejects.toMatchObject({ code: 'SHUTDOWN', maybeExecuted: false });
    await untilBlocked(server);
    await client.shutdown(container);
    await client.shutdown();
    expect(await reply).toBe('PONG');
    await ended;
    await expect.poll(() => connectionsOf(server, 'test')).toEqual([]);
    for (const later of [
      () => client.executeCommand('PING'),
      () => client.batchExecute(['PING']),
      () => client.executeCommand('BLPOP', 'l', 0),
      () => client.executeCommand('SUBSCRIBE', 'a'),
      () => client.getConnection(),
      () => client.subscribe('a'),
      () => client.unsubscribe('a'),
      async () => client.subscribeStateMatcher(),
    ]) {
      await expect(later()).rejects.toMatchObject({
        code: 'SHUTDOWN',
        message: expect.stringContaining('RedisClient already shutdown'),
      });
    }
    await server.command('RPUSH', 'l', 'kept');
    expect(await server.command('LLEN', 'l')).toBe(1);
  });

  it('exclusive connections live until they are released: VLCP does so, too', async () => {
    const connection = await client.getConnection();
    await client.executeCommand('PING');
    await client.shutdown();
    await expect.poll(() => connectionsOf(server, 'test')).toHaveLength(1);
    expect(await connection.executeCommand('PING')).toBe('PONG');
    await connection.release();
    await expect.poll(() => connectionsOf(server, 'test')).toEqual([]);
  });

  it('ends the waits for a connection', async () => {
    await proxy.refuse('CLOSED');
    const waits = [client.executeCommand('PING'), client.getConnection(), client.subscribe('a')];
    const ended = Promise.all(waits.map((wait) => expect(wait).rejects.toMatchObject({ code: 'SHUTDOWN' })));
    await client.shutdown({ force: true });
    await ended;
  });

  it('by the object for a list of connections', async () => {
    const connobj = client.makeConnobj(container);
    connobj.start();
    expect(await client.executeCommand('PING')).toBe('PONG');
    await connobj.shutdown();
    await expect(client.executeCommand('PING')).rejects.toMatchObject({ code: 'SHUTDOWN' });
    await connobj[Symbol.asyncDispose]();
  });

  it('of one that was never used opens nothing', async () => {
    const unused = open(proxy);
    proxy.clearCommands();
    await unused.shutdown();
    expect(proxy.commands()).toEqual([]);
  });
});
