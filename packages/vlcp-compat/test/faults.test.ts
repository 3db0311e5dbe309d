import { type FaultProxy, type RedisServer, startFaultProxy, startServer } from '@redlane/redis-server';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RedisClient, RedisConnectionDown, RedisConnectionRestarted } from '../src/index.js';
import { connectionsOf, open, untilBlocked } from './support/open.js';

let server: RedisServer;
let proxy: FaultProxy;
let client: RedisClient;

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
  await server.command('SCRIPT', 'FLUSH');
  await proxy.restore();
  proxy.clearCommands();
  client = open(proxy, { protocol: { clientName: 'test' } });
});
afterEach(async () => {
  await client.shutdown({ force: true });
  await expect.poll(() => connectionsOf(server, 'test')).toEqual([]);
});

const LONG = "return redis.call('INCRBY', KEYS[1], tonumber(ARGV[1]))";

describe('the faults of VLCP', () => {
  it('1: ensureRegistered loads what is missing, and throws when that fails', async () => {
    const known = await client.registerScript(LONG);
    const missing = await client.registerScript(`${LONG} -- another`);
    const short = await client.registerScript('return 1');
    await server.command('SCRIPT', 'LOAD', LONG);
    expect(await client.ensureRegistered(known, missing, short, missing)).toEqual([missing[0]]);
    expect(await client.ensureRegisterd(known, missing)).toEqual([]);
    expect(
      await client.batchExecute(
        ['EVALSHA', known[0] as string, 1, 'n', 2],
        ['EVALSHA', missing[0] as string, 1, 'n', 3],
      ),
    ).toEqual([2, 5]);
    const broken = await client.registerScript('this is not Lua, and longer than forty-three');
    await expect(client.ensureRegistered([known, broken])).rejects.toMatchObject({
      name: 'RedisReplyException',
      subtype: 'ERR',
    });
  });

  it('2: a glob may be subscribed to twice', async () => {
    const [first] = await client.psubscribe('a*');
    const [second] = await client.psubscribe('a*');
    const both = Promise.all([first!.wait(), second!.wait()]);
    await server.command('PUBLISH', 'ab', 'x');
    expect((await both).map(({ message }) => message)).toEqual(['x', 'x']);
    expect(proxy.commands({ name: 'PSUBSCRIBE' })).toHaveLength(1);
  });

  it('3: globs and channels of one name are counted apart, and each to its last', async () => {
    await client.subscribe('a*');
    const [glob] = await client.psubscribe('a*', 'a*');
    await client.punsubscribe('a*');
    const message = glob!.wait();
    await server.command('PUBLISH', 'ab', 'still');
    expect(await message).toMatchObject({ type: 'pmessage', channel: 'ab', pattern: 'a*', message: 'still' });
    await client.punsubscribe('a*');
    expect(await server.command('PUBSUB', 'NUMPAT')).toBe(0);
    expect(await server.command('PUBSUB', 'CHANNELS')).toEqual(['a*']);
    await expect(glob!.wait()).rejects.toMatchObject({ code: 'SUBSCRIPTION_ENDED' });
    const [again] = await client.psubscribe('a*');
    const next = again!.wait();
    await server.command('PUBLISH', 'ab', 'again');
    expect((await next).message).toBe('again');
  });

  it('4: a subscription that is refused rejects at once and counts nothing', async () => {
    await server.command('ACL', 'SETUSER', 'limited', 'on', '>pw', '+@all', '~*', 'resetchannels', '&open');
    await using limited = open(server, { username: 'limited', password: 'pw' });
    await expect(limited.subscribe('open', 'closed')).rejects.toMatchObject({
      name: 'RedisReplyException',
      subtype: 'NOPERM',
    });
    // Nothing is left of the one that was allowed.
    await expect.poll(() => server.command('PUBSUB', 'CHANNELS')).toEqual([]);
    await server.command('ACL', 'SETUSER', 'limited', '&closed');
    const [matcher] = await limited.subscribe('closed');
    expect(await server.command('PUBSUB', 'NUMSUB', 'closed')).toEqual(['closed', 1]);
    await matcher![Symbol.asyncDispose]();
    expect(await server.command('PUBSUB', 'NUMSUB', 'closed')).toEqual(['closed', 0]);
  });

  it('5: contexts are re-entrant, and release on every path', async () => {
    const connection = await client.getConnection();
    const outer = connection.context({ release: true });
    const inner = connection.context({ lockconn: false, release: false });
    const locked = connection.context({ release: false });
    expect(await connection.executeCommand('PING')).toBe('PONG');
    await inner[Symbol.asyncDispose]();
    await locked[Symbol.asyncDispose]();
    // The outer one is still locked.
    proxy.cut('RST');
    await expect
      .poll(() => connection.executeCommand('PING').catch(String))
      .toContain('RedisConnectionRestarted');
    await outer[Symbol.asyncDispose]();
    await expect(connection.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });

    const failing = await client.getConnection();
    const failure = failing.context({ lockconn: false }, () => Promise.reject(new Error('oops')));
    await expect(failure).rejects.toThrow('oops');
    await expect(failing.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
  });

  it('6: a server that comes up too late for the first command gets later ones in the right database', async () => {
    await using late = open(proxy, { db: 3, timeoutMs: 100 });
    await proxy.refuse('CLOSED');
    await expect(late.executeCommand('SET', 'a', 1)).rejects.toMatchObject({
      code: 'CONNECTION_DOWN',
      maybeExecuted: false,
    });
    await proxy.accept();
    late.timeoutMs = 10_000;
    expect(await late.executeCommand('SET', 'a', 1)).toBe('OK');
    expect(await server.command('DBSIZE')).toBe(0);
    expect(await late.executeCommand('DBSIZE')).toBe(1);
    await using connection = await late.getConnection();
    expect(await connection.executeCommand('GET', 'a')).toBe('1');
  });

  it.each([
    ['MULTI', ['MULTI']],
    ['WATCH', ['WATCH', 'a']],
    ['SELECT', ['SELECT', 5]],
    ['SUBSCRIBE', ['SUBSCRIBE', 'left']],
  ])('7: nothing is left of %s on a connection that was released', async (_, command) => {
    await using alone = open(server, { maxConnections: 1, db: 2 });
    const dirty = await alone.getConnection();
    const id = await dirty.executeCommand('CLIENT', 'ID');
    await dirty.executeCommand(command);
    await dirty.release();
    await using clean = await alone.getConnection();
    // The same connection, unless it was closed for it.
    expect(await clean.executeCommand('CLIENT', 'ID')).toBe(id);
    await server.command('SET', 'a', 'changed');
    const info = await clean.executeCommand<string>('CLIENT', 'INFO');
    expect(String(info)).toMatch(/ db=2 sub=0 psub=0 .* multi=-1 /);
    await clean.executeCommand('MULTI');
    await clean.executeCommand('PING');
    expect(await clean.executeCommand('EXEC')).toEqual(['PONG']);
    expect(await server.command('PUBSUB', 'CHANNELS')).toEqual([]);
  });

  it('8: a connection that is released twice goes to one owner', async () => {
    const connection = await client.getConnection();
    await Promise.all([connection.release(), connection.release()]);
    await connection.release();
    await using one = await client.getConnection();
    await using two = await client.getConnection();
    const ids = await Promise.all([one, two].map((each) => each.executeCommand('CLIENT', 'ID')));
    expect(new Set(ids).size).toBe(2);
    await expect(connection.executeCommand('PING')).rejects.toThrow('given back');
  });

  it('9: the pool has a bound, and what died in it is not handed out', async () => {
    await using bound = open(proxy, { maxConnections: 1, timeoutMs: 50 });
    const held = await bound.getConnection();
    await expect(bound.getConnection()).rejects.toMatchObject({ code: 'POOL_TIMEOUT' });
    const id = await held.executeCommand('CLIENT', 'ID');
    await held.release();
    await server.command('CLIENT', 'KILL', 'ID', String(id));
    bound.timeoutMs = 10_000;
    await using next = await bound.getConnection();
    await expect.poll(() => next.executeCommand('PING').catch(String)).toBe('PONG');
    expect(await next.executeCommand('CLIENT', 'ID')).not.toBe(id);
  });

  it('9: idle connections are closed', async () => {
    await using idle = open(server, { idleTimeoutMs: 1, protocol: { clientName: 'idle' } });
    await (await idle.getConnection()).release();
    await expect.poll(() => connectionsOf(server, 'idle')).toEqual([]);
  });

  it.each([
    ['BLPOP', ['BLPOP', 'l', 0]],
    ['BRPOP', ['BRPOP', 'l', 0]],
    ['BRPOPLPUSH', ['BRPOPLPUSH', 'l', 'other', 0]],
    ['blmove', ['blmove', 'l', 'other', 'LEFT', 'LEFT', 0]],
    ['BLMPOP', ['BLMPOP', 0, 1, 'l', 'LEFT']],
    ['BZPOPMIN', ['BZPOPMIN', 'z', 0]],
    ['BZMPOP', ['BZMPOP', 0, 1, 'z', 'MIN']],
    ['XREAD', ['XREAD', 'BLOCK', 0, 'STREAMS', 's', '$']],
    ['XREADGROUP', ['XREADGROUP', 'GROUP', 'g', 'me', 'BLOCK', 0, 'STREAMS', 's', '>']],
  ])('10: %s holds up nobody', async (_, command) => {
    await server.command('XGROUP', 'CREATE', 's', 'g', '$', 'MKSTREAM');
    const blocked = client.executeCommand(command);
    await untilBlocked(server);
    expect(await client.executeCommand('PING')).toBe('PONG');
    await server.command('RPUSH', 'l', 'x');
    await server.command('ZADD', 'z', '1', 'x');
    await server.command('XADD', 's', '*', 'f', 'v');
    expect(JSON.stringify(await blocked, mapsAsLists)).toMatch(/"[xv]"/);
  });

  it('10: a batch with a blocking command holds up nobody, and keeps its order', async () => {
    const batch = client.batchExecute(
      ['SET', 'before', 1],
      ['LPUSH', 'before', 'x'],
      ['BLPOP', 'l', 0],
      ['GET', 'after'],
    );
    await untilBlocked(server);
    expect(await client.executeCommand('GET', 'before')).toBe('1');
    await client.executeCommand('SET', 'after', 'set meanwhile');
    await client.executeCommand('RPUSH', 'l', 'x');
    expect(await batch).toEqual([
      'OK',
      expect.objectContaining({ subtype: 'WRONGTYPE' }),
      ['l', 'x'],
      'set meanwhile',
    ]);
  });

  it('10: WAIT counts the writes of its own connection, so it needs one', async () => {
    await expect(client.executeCommand('WAIT', 1, 0)).rejects.toMatchObject({
      code: 'COMMAND_REFUSED',
      message: expect.stringContaining('getConnection()'),
    });
    await using connection = await client.getConnection();
    expect(await connection.executeCommand('WAIT', 0, 10)).toBe(0);
  });

  it.each(['MULTI', 'EXEC', 'WATCH', 'UNWATCH', 'DISCARD', 'SELECT'])(
    '11: %s on the client itself is refused, with the way out',
    async (name) => {
      const refused = {
        name: 'RedisProtocolException',
        code: 'COMMAND_REFUSED',
        message: expect.stringContaining('getConnection()'),
        maybeExecuted: false,
      };
      await expect(client.executeCommand(name, 'a')).rejects.toMatchObject(refused);
      await expect(client.batchExecute(['GET', 'a'], [name.toLowerCase(), 'a'])).rejects.toMatchObject(
        refused,
      );
      expect(proxy.commands({ name })).toEqual([]);
      expect(proxy.commands({ name: 'GET' })).toEqual([]);
    },
  );

  it('12: an aborted BLPOP loses no element', async () => {
    for (const target of [client, await client.getConnection()]) {
      const controller = new AbortController();
      const popped = target.executeCommand(['BLPOP', 'l', 0], { signal: controller.signal });
      await untilBlocked(server);
      controller.abort();
      await expect(popped).rejects.toMatchObject({ code: 'ABORTED' });
      await server.command('RPUSH', 'l', 'kept');
      expect(await target.executeCommand('LPOP', 'l')).toBe('kept');
    }
  });

  it('12: an exclusive connection that is released takes its BLPOP along', async () => {
    const connection = await client.getConnection();
    const popped = connection.executeCommand('BLPOP', 'l', 0);
    await untilBlocked(server);
    const ended = expect(popped).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
    await connection.release();
    await ended;
    await server.command('RPUSH', 'l', 'kept');
    expect(await client.executeCommand('LPOP', 'l')).toBe('kept');
  });

  it.each(['FIN', 'RST'] as const)(
    '13, 14: a line that is lost (%s) is RedisConnectionDown, and says what is known',
    async (by) => {
      await client.executeCommand('PING');
      const sent = proxy.waitForCommand('INCR', { forwarded: true });
      proxy.set({ stalled: true }, 'toClient');
      const reply = client.executeCommand('INCR', 'n');
      const batch = client.batchExecute(['INCR', 'n']);
      const failures = Promise.allSettled([reply, batch]);
      await sent;
      proxy.cut(by);
      for (const outcome of await failures) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: {
            name: 'RedisConnectionDown',
            code: 'CONNECTION_DOWN',
            maybeExecuted: true,
            phase: 'written',
          },
        });
        expect((outcome as PromiseRejectedResult).reason).toBeInstanceOf(RedisConnectionDown);
        expect((outcome as PromiseRejectedResult).reason.cause).toBeInstanceOf(Error);
      }
      await proxy.restore();
      // Executed once each, and not sent again.
      expect(await client.executeCommand('GET', 'n')).toBe('2');
    },
  );

  it('13: so it is on an exclusive connection, which comes back with the next command', async () => {
    const connection = await client.getConnection();
    const id = await connection.executeCommand('CLIENT', 'ID');
    const lost = connection.executeCommand('BLPOP', 'l', 0);
    await untilBlocked(server);
    const failed = expect(lost).rejects.toMatchObject({ code: 'CONNECTION_DOWN', maybeExecuted: true });
    await server.command('CLIENT', 'KILL', 'ID', String(id));
    await failed;
    expect(await connection.executeCommand('PING')).toBe('PONG');
    expect(await connection.executeCommand('CLIENT', 'ID')).not.toBe(id);
  });

  it('15: messages of errors are UTF-8', async () => {
    const failure = client.executeCommand('EVAL', "return redis.error_reply('SCHADE größer als €')", 0);
    await expect(failure).rejects.toMatchObject({ subtype: 'SCHADE', describe: 'größer als €' });
  });

  it('16: a reply has a deadline', async () => {
    client.commandTimeoutMs = 50;
    await client.executeCommand('PING');
    proxy.set({ stalled: true }, 'toClient');
    await expect(client.executeCommand('INCR', 'n')).rejects.toMatchObject({
      code: 'TIMEOUT',
      maybeExecuted: true,
    });
    await expect(client.executeCommand(['GET', 'n'], { timeoutMs: 20 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  it('17: shutdown with force cuts connections that nobody has given back', async () => {
    const lost = await client.getConnection();
    const blocked = lost.executeCommand('BLPOP', 'l', 0);
    const ended = expect(blocked).rejects.toMatchObject({ code: 'SHUTDOWN', maybeExecuted: true });
    await untilBlocked(server);
    await client.shutdown({ force: true });
    await ended;
    await expect.poll(() => connectionsOf(server, 'test')).toEqual([]);
    await expect(lost.executeCommand('PING')).rejects.toMatchObject({ code: 'CONNECTION_DOWN' });
  });

  it('18: registering sends nothing; a script is loaded when it is first run, also after a restart', async () => {
    const script = await client.registerScript(LONG);
    expect(await client.registerScript(LONG)).toEqual(script);
    expect(proxy.commands()).toEqual([]);
    expect(script[0]).toBe(await server.command('SCRIPT', 'LOAD', LONG));
    await server.command('SCRIPT', 'FLUSH');
    expect(await client.evalRegistered(script, 1, 'n', 2)).toBe(2);
    expect(await client.evalRegistered(script, 1, 'n', 2)).toBe(4);
    expect(proxy.commands({ name: 'EVAL' })).toHaveLength(1);
    await server.restart();
    await expect.poll(() => client.evalRegistered(script, 1, 'fresh', 3).catch(String)).toBe(3);
  });

  it('19: there are passwords and users', async () => {
    await server.command('ACL', 'SETUSER', 'ann', 'on', '>geheim', '+@all', '~*', '&*');
    await using ann = open(server, { username: 'ann', password: 'geheim' });
    expect(await ann.executeCommand('ACL', 'WHOAMI')).toBe('ann');
    await using byUrl = new RedisClient(`tcp://ann:geheim@${server.host}:${server.port}/`);
    expect(await byUrl.executeCommand('ACL', 'WHOAMI')).toBe('ann');
    await using wrong = open(server, { username: 'ann', password: 'falsch', timeoutMs: 100 });
    await expect(wrong.executeCommand('PING')).rejects.toMatchObject({
      code: 'CONNECTION_DOWN',
      cause: { code: 'AUTH_FAILED' },
    });
  });
});

it('RedisConnectionRestarted is a RedisConnectionDown', () => {
  expect(new RedisConnectionRestarted('x')).toBeInstanceOf(RedisConnectionDown);
});

function mapsAsLists(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
