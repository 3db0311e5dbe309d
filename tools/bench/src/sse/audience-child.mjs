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

/** One for all: a chunk is dealt with before the next one is read. A buffer and a stream for each would cost more than counting. */
const buffer = Buffer.allocUnsafe(65_536);

async function open(port) {
  let bytes = 0;
  let begun;
  const hasBegun = new Promise((resolve) => {
    begun = resolve;
  });
  const callback = (length, chunk) => {
    begun?.();
    begun = undefined;
    bytes = count(bytes, chunk, length);
    return true;
  };
  const socket = connect({ port, host: '127.0.0.1', onread: { buffer, callback } });
  socket.on('error', () => {});
  socket.write(REQUEST);
  await hasBegun;
  return socket;
}

/** Counts the bytes of payloads: a frame may come in any number of pieces, and nothing else in it has this byte. */
function count(before, chunk, length) {
  let bytes = before;
  for (let i = 0; i < length; i++) if (chunk[i] === FILLER) bytes++;
  const whole = Math.floor(bytes / PAYLOAD.length);
  received += whole;
  if (whole > 0 && received >= expected) whenReceived();
  return bytes - whole * PAYLOAD.length;
}
