import { RedisChannel } from '@redlane/channel';
import { RedisClient } from '@redlane/client';
import { type FaultProxy, startFaultProxy } from '@redlane/redis-server';
import { describe, expect, it } from 'vitest';
import { ways } from './support/drivers.js';
import { testServer, untilBlocked } from './support/test-server.js';

const server = await testServer();
const CALLS = 50;

describe.each(ways)('over $name, in a conversation', ({ open }) => {
  it('a send is one RPUSH, a receive that waits one BLPOP, and nothing else goes over the wire', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using asking = new RedisChannel<number, number>(way.source, '/foo', 'client');
    await using answering = new RedisChannel<number, number>(server.port, '/foo', 'server');
    const call = async (n: number): Promise<number | undefined> => {
      const answered = answering.brecvMsg().then((message) => answering.sendMsg((message as number) + 1));
      await asking.sendMsg(n);
      const answer = await asking.brecvMsg();
      await answered;
      return answer;
    };
    await warm(asking, '/foo/server');
    proxy.clearCommands();
    for (let n = 0; n < CALLS; n++) expect(await call(n)).toBe(n + 1);
    expect(namesOf(proxy)).toEqual(Array.from({ length: CALLS }, () => ['RPUSH', 'BLPOP']).flat());
  });

  it('a receive of what is there already is one command, too, and takes one message', async () => {
    await using proxy = await startFaultProxy({ target: server });
    await using way = open(proxy);
    await using sender = new RedisChannel<never, number>(server.port, '/foo', 'client');
    await using receiver = new RedisChannel<number, number>(way.source, '/foo', 'server');
    await warm(receiver, '/foo/client');
    await sender.sendMsgs(Array.from({ length: CALLS + 3 }, (_, n) => n));
    proxy.clearCommands();
    for (let n = 0; n < CALLS; n++) expect(await receiver.brecvMsg()).toBe(n);
    expect(namesOf(proxy)).toEqual(Array.from({ length: CALLS }, () => 'BLPOP'));
    expect(await server.command('LLEN', '/foo/client')).toBe(3);
  });
});

it('the connection of a wait is kept for the next one, and goes back when there is none', async () => {
  await using client = new RedisClient({ port: server.port });
  await using receiver = new RedisChannel<number, number>(client, '/foo', 'server');
  const { usedConnections } = client.connectionPool;
  await warm(receiver, '/foo/client');
  expect(usedConnections.size).toBe(1);
  await expect.poll(() => usedConnections.size, { timeout: 10_000 }).toBe(0);
});

/** From its first wait on, a channel has a connection for the next ones. */
async function warm(channel: RedisChannel<number, number>, list: string): Promise<void> {
  const message = channel.brecvMsg();
  await untilBlocked(server);
  await server.command('RPUSH', list, '-1');
  expect(await message).toBe(-1);
}

/** The commands that came through, by their names. */
function namesOf(proxy: FaultProxy): string[] {
  return proxy.commands().map(({ args }) => String(args[0]).toUpperCase());
}
