import { once } from 'node:events';
import { connect } from 'node:net';
import { encode } from './workload.mjs';

/**
 * The limit: commands encoded beforehand, replies counted by their known length, no promise per command. What a client does
 * on top of this is its own cost.
 *
 * @implements {import('./closed-loop.mjs').Load}
 */
class RawLoad {
  done = 0;
  #issued = 0;
  #received = 0;
  #limit;
  #inFlight;
  #socket;
  #batch;
  #commandLength;
  #reply;
  #exact;
  #settle;

  constructor(socket, { args, encodedReply }, { inFlight, limit = Infinity, exact = false }) {
    const command = encode(args);
    this.#socket = socket;
    this.#batch = Buffer.from(command.repeat(inFlight), 'latin1');
    this.#commandLength = command.length;
    this.#reply = Buffer.from(encodedReply, 'latin1');
    this.#inFlight = inFlight;
    this.#limit = limit;
    this.#exact = exact;
  }

  async run() {
    const lost = () => this.#settle.reject(new Error('the connection was lost'));
    this.#socket.on('data', this.#take).once('close', lost);
    try {
      await new Promise((resolve, reject) => {
        this.#settle = { resolve, reject };
        this.#send(this.#inFlight);
      });
    } finally {
      this.#socket.off('data', this.#take).off('close', lost);
    }
  }

  stop() {
    this.#limit = 0;
  }

  #send(count) {
    const sent = Math.max(0, Math.min(count, this.#limit - this.#issued));
    if (sent > 0) this.#socket.write(this.#batch.subarray(0, sent * this.#commandLength));
    this.#issued += sent;
  }

  #take = (chunk) => {
    if (!this.#isRight(chunk)) {
      this.#settle.reject(new Error(`a wrong reply in: ${chunk.toString('latin1', 0, 80)}`));
      return;
    }
    this.#received += chunk.length;
    const before = this.done;
    this.done = Math.floor(this.#received / this.#reply.length);
    this.#send(this.done - before);
    if (this.done === this.#issued) this.#settle.resolve();
  };

  /** The first byte of every reply, or with `exact` every byte. */
  #isRight(chunk) {
    const { length } = this.#reply;
    const offset = this.#received % length;
    if (this.#exact) return chunk.every((byte, i) => byte === this.#reply[(offset + i) % length]);
    for (let at = (length - offset) % length; at < chunk.length; at += length)
      if (chunk[at] !== this.#reply[0]) return false;
    return true;
  }
}

/** @type {import('./contenders.mjs').Contender['connect']} */
export async function connectRaw({ host, port, username, password, db }) {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, 'connect');
  if (password !== undefined)
    await expectOk(socket, ['AUTH', ...(username === undefined ? [] : [username]), password]);
  if (db !== 0) await expectOk(socket, ['SELECT', String(db)]);
  return {
    load: (command, options) => new RawLoad(socket, command, options),
    async close() {
      socket.end();
      await once(socket.resume(), 'close');
    },
  };
}

async function expectOk(socket, args) {
  socket.write(encode(args));
  const [chunk] = await once(socket, 'data');
  if (chunk.toString('latin1') !== '+OK\r\n')
    throw new Error(`${args[0]}: ${chunk.toString('latin1').trim()}`);
}
