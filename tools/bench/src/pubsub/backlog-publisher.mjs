import { once } from 'node:events';
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { encodeCommand } from '@redlane/resp3-core';
import { PAYLOAD } from './messages.mjs';

/** The server publishes to itself: neither a publisher nor the parsing of its commands takes part. */
const SCRIPT = `local publish, channels = redis.call, #ARGV - 2
for i = 0, tonumber(ARGV[2]) - 1 do publish('PUBLISH', ARGV[3 + i % channels], ARGV[1]) end
return 'done'`;
const DONE = '$4\r\ndone\r\n';

/** The thread beside a subscriber: wakes it when the server has published. */
const { target, state } = workerData;
const { host, port, username, password } = target;
const flag = new Int32Array(state);
const socket = connect({ host, port, noDelay: true });
await once(socket, 'connect');
if (password !== undefined) {
  socket.write(encodeCommand(['AUTH', ...(username === undefined ? [] : [username]), password]));
  await once(socket, 'data');
}
socket.on('data', (chunk) => wake(chunk.toString() === DONE ? 1 : 2));
parentPort.on('message', ({ channels, count }) => {
  socket.write(encodeCommand(['EVAL', SCRIPT, '0', PAYLOAD, String(count), ...channels]));
});
wake(1);

function wake(outcome) {
  Atomics.store(flag, 0, outcome);
  Atomics.notify(flag, 0);
}
