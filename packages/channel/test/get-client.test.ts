import { ConnectionError, getClient, RedisChannel, waitServe } from '@redlane/channel';
import { startServer } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const server = await testServer();

it('gives everybody the same client of an address, and closes it with its last user', async () => {
  const one = getClient(server.port);
  const two = getClient(['127.0.0.1', server.port]);
  expect(two.client).toBe(one.client);
  await using byOptions = getClient({ host: '127.0.0.1', port: server.port, db: 1 });
  await using sameOptions = getClient({ db: 1, port: server.port, host: '127.0.0.1', password: undefined });
  expect(sameOptions.client).toBe(byOptions.client);
  expect(byOptions.client).not.toBe(one.client);
  expect(await one.client.call('PING')).toBe('PONG');
  await one.release();
  await one.release();
  expect(await two.client.call('PING')).toBe('PONG');
  await two.release();
  await expect(two.client.call('PING')).rejects.toMatchObject({ code: 'CLOSED' });
  await using again = getClient(server.port);
  expect(again.client).not.toBe(one.client);
});

it('takes all forms of one address for the same', async () => {
  const url = `redis://127.0.0.1:${server.port}`;
  const forms = [
    server.port,
    url,
    `${url}/0`,
    { port: server.port },
    { host: '127.0.0.1', port: server.port },
  ];
  const held = [...forms, `redis://u:p%40@127.0.0.1:${server.port}/2`].map((form) => getClient(form));
  const same = getClient({ port: server.port, db: 2, username: 'u', password: 'p@' });
  expect(new Set(held.slice(0, -1).map(({ client }) => client)).size).toBe(1);
  expect(same.client).toBe(held.at(-1)?.client);
  const others = ['unix:/tmp/no.sock', `${url}?db=1`, `rediss://127.0.0.1:${server.port}`];
  const different = others.map((form) => getClient(form));
  expect(new Set([...different, ...held].map(({ client }) => client)).size).toBe(5);
  for (const one of [...held, ...different, same]) await one.release();
});

it('hands out no client that somebody has closed', async () => {
  const closed = getClient(server.port);
  await closed.client.close();
  const next = getClient(server.port);
  expect(await next.client.call('PING')).toBe('PONG');
  await closed.release();
  await using last = getClient(server.port);
  expect(last.client).toBe(next.client);
  await next.release();
});

it('takes nothing for the default address', () => {
  for (const nothing of [undefined, null, [], ['h'], ['h', 1, {}], () => 1, true]) {
    expect(() => getClient(nothing as never)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => new RedisChannel(nothing as never, '/foo', 'client')).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  }
});

it('tells options apart that differ in what has no words', () => {
  const retry = { port: server.port, timeoutMs: Number.POSITIVE_INFINITY };
  const shared = [getClient(retry), getClient({ ...retry }), getClient({ ...retry, timeoutMs: 5 })];
  expect(shared[1]?.client).toBe(shared[0]?.client);
  expect(shared[2]?.client).not.toBe(shared[0]?.client);
  return Promise.all(shared.map((one) => one.release()));
});

it('is shared by channels, too', async () => {
  await using a = new RedisChannel(server.port, '/a', 'client');
  await using b = new RedisChannel(server.port, '/b', 'client');
  await Promise.all([a.sendMsg(1), b.sendMsg(1)]);
  const list = String(await server.command('CLIENT', 'LIST', 'TYPE', 'normal'));
  expect(list.match(/ addr=127/g)).toHaveLength(1);
});

it('waits until a server serves', async () => {
  await using late = await startServer();
  await late.kill();
  const waiting = waitServe(late.port, { timeoutMs: 15_000 });
  await late.start();
  await waiting;
  // No key is looked at.
  await late.command('SET', 'foo', 'a string');
  await waitServe(late.port, 1);
});

it('says why nobody serves: in time, or at once when waiting is no use', async () => {
  await using gone = await startServer();
  await gone.kill();
  const error = await waitServe(gone.port, 0.3).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConnectionError);
  expect(error).toMatchObject({ code: 'NOT_SERVING', cause: expect.any(Error) });
  expect((error as Error).message).toContain(`127.0.0.1:${gone.port}: no answer`);
  const byUrl = waitServe(`redis://me:secret@localhost:${gone.port}/1`, { timeoutMs: 10 });
  await expect(byUrl).rejects.toThrow(`serving at localhost:${gone.port}:`);
  await expect(byUrl).rejects.not.toThrow('secret');
  const stop = AbortSignal.timeout(50);
  await expect(waitServe(gone.port, { signal: stop })).rejects.toMatchObject({ code: 'ABORTED' });

  await using locked = await startServer({ password: 'right' });
  const refused = waitServe({ port: locked.port, password: 'wrong' }, { timeoutMs: 60_000 });
  await expect(refused).rejects.toMatchObject({ code: 'NOT_SERVING', cause: { code: 'AUTH_FAILED' } });
});
