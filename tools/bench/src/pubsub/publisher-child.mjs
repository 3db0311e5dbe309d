import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeCommand } from '@redlane/resp3-core';
import { answerParent } from '../client/answer-parent.mjs';
import { PAYLOAD } from './publisher.mjs';

const BATCH = 500;
/** Batches at the server at a time: enough that it never waits for us. */
const BATCHES = 8;
const COLON = 0x3a;

/** Publishes as fast as the server takes it, from encoded bytes, so that little of the machine goes into publishing. */
let socket;
let running = false;

answerParent({
  async connect({ target: { host, port, username, password } }) {
    socket = connect({ host, port, noDelay: true });
    await once(socket, 'connect');
    if (password !== undefined)
      socket.write(encodeCommand(['AUTH', ...(username === undefined ? [] : [username]), password]));
    return {};
  },

  start({ channels }) {
    running = true;
    const commands = Array.from({ length: BATCH }, (_, i) =>
      encodeCommand(['PUBLISH', channels[i % channels.length], PAYLOAD]),
    );
    const batch = Buffer.concat(commands);
    let replies = 0;
    socket.removeAllListeners('data');
    socket.on('data', (chunk) => {
      for (const byte of chunk) if (byte === COLON) replies++;
      for (; replies >= BATCH; replies -= BATCH) if (running) socket.write(batch);
    });
    for (let i = 0; i < BATCHES; i++) socket.write(batch);
    return {};
  },

  /** What is under way is still published. */
  stop() {
    running = false;
    return {};
  },

  close() {
    socket?.destroy();
    return {};
  },
});
