import { once } from 'node:events';
import { connect } from 'node:net';
import { RedisClient } from '@redlane/client';
import type { RedisServer } from '@redlane/redis-server';
import { encodeCommand, Resp3Reader } from '@redlane/resp3-core';

/** Talks to the server through the packages that exist; says what it saw, throws when that is not what it should be. */
export async function check(server: RedisServer): Promise<string[]> {
  return [await checkProtocol(server), await checkClient(server)];
}

/** `resp3-core` over a bare socket. */
async function checkProtocol({ host, port, name, version }: RedisServer): Promise<string> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    socket.write(encodeCommand(['HELLO', 3]));
    const reader = new Resp3Reader();
    for await (const chunk of socket) {
      reader.feed(chunk as Uint8Array);
      const hello = reader.getObject();
      if (hello === Resp3Reader.sentinel) continue;
      if (hello instanceof Map && hello.get('proto') === 3) return `${name} ${version} speaks RESP3`;
      throw new Error('the server does not speak RESP3');
    }
    throw new Error('the server closed the connection');
  } finally {
    socket.destroy();
  }
}

/** `client`: an order, placed and read back, with a lock-free counter. */
async function checkClient({ host, port }: RedisServer): Promise<string> {
  await using client = new RedisClient({ host, port });
  await client.transaction([
    ['SET', 'order:1', 'placed'],
    ['HSET', 'order:1:lines', 'apples', 3, 'pears', 2],
  ]);
  const [status, lines] = await Promise.all([
    client.call('GET', 'order:1'),
    client.call('HGETALL', 'order:1:lines'),
  ]);
  if (status !== 'placed') throw new Error(`order:1 should be placed, but is ${String(status)}`);
  if (!(lines instanceof Map) || lines.get('apples') !== '3')
    throw new Error('the lines of order:1 are wrong');
  return `order:1 is ${status}, with ${lines.size} lines`;
}
