import { once } from 'node:events';
import { connect } from 'node:net';
import type { RedisServer } from '@redlane/redis-server';
import { encodeCommand, RespDecoder, type RespValue } from '@redlane/resp3-core';

const commands = [
  ['HELLO', '3'],
  ['SET', 'order:1', 'placed'],
  ['HSET', 'order:1:lines', 'apples', '3', 'pears', '2'],
  ['GET', 'order:1'],
  ['HGETALL', 'order:1:lines'],
];

/** Talks to the server through the packages that exist; says what it saw, throws when that is not what it should be. */
export async function check(server: RedisServer): Promise<string[]> {
  const socket = connect(server.port, server.host);
  await once(socket, 'connect');
  const replies: RespValue[] = [];
  const done = new Promise<void>((resolve, reject) => {
    const decoder = new RespDecoder({
      onReply(value) {
        replies.push(value);
        if (replies.length === commands.length) resolve();
      },
      onErrorReply: reject,
      onPush: () => {},
    });
    socket.on('data', (chunk) => decoder.write(chunk));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('the server closed the connection')));
  });
  socket.write(Buffer.concat(commands.map((command) => encodeCommand(command))));
  try {
    await done;
  } finally {
    socket.destroy();
  }
  const [hello, , , status, lines] = replies;
  if (!(hello instanceof Map) || hello.get('proto') !== 3) throw new Error('the server does not speak RESP3');
  if (status !== 'placed') throw new Error(`order:1 should be placed, but is ${String(status)}`);
  if (!(lines instanceof Map) || lines.get('apples') !== '3') throw new Error('the lines of order:1 are wrong');
  return [
    `${server.name} ${server.version} speaks RESP3`,
    `order:1 is ${status}, with ${lines.size} lines`,
  ];
}
