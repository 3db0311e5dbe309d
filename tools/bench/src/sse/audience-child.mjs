import { once } from 'node:events';
import { connect } from 'node:net';
import { answerParent } from '../client/answer-parent.mjs';
import { PAYLOAD } from './event.mjs';

const REQUEST = 'GET / HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n';
const FILLER = PAYLOAD.charCodeAt(0);
/** Connections that are opened at a time. */
const BATCH = 100;

/** Many clients in one process, which do no more than count. */
let sockets = [];
let received = 0;
let expected = 0;
let whenReceived = () => {};

answerParent({
  /** Resolves when all responses have begun. */
  async open({ port, count }) {
    while (sockets.length < count) {
      const batch = Array.from({ length: Math.min(BATCH, count - sockets.length) }, () => open(port));
      sockets.push(...(await Promise.all(batch)));
    }
    return {};
  },

  expect({ deliveries }) {
    received = 0;
    expected = deliveries;
    return {};
  },

  /** Resolves when everybody has got everything. */
  async wait() {
    if (received < expected) {
      await new Promise((resolve) => {
        whenReceived = resolve;
      });
    }
    if (received > expected) throw new Error(`${received} deliveries, ${expected} were expected`);
    return {};
  },

  close() {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    return {};
  },
});

async function open(port) {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(REQUEST);
  await once(socket, 'data');
  socket.on('data', counter());
  return socket;
}

/** Counts the bytes of payloads: a frame may come in any number of pieces, and nothing else in it has this byte. */
function counter() {
  let bytes = 0;
  return (chunk) => {
    for (const byte of chunk) if (byte === FILLER) bytes++;
    const whole = Math.floor(bytes / PAYLOAD.length);
    bytes -= whole * PAYLOAD.length;
    received += whole;
    if (received >= expected) whenReceived();
  };
}
