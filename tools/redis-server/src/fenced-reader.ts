import type { Socket } from 'node:net';
import { encodeArgs } from './command-connection.js';
import type { RedisServer } from './redis-server.js';
import { parseReply } from './reply.js';

/** Collects the raw bytes that a server sends on a connection, up to a moment at which it has no more to say. */
export class FencedReader {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #fences = 0;
  #look: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#look();
    });
  }

  /** All bytes since the last call, replies and pushes, without those of the fence itself. */
  async untilQuiet(server: RedisServer): Promise<Buffer> {
    // Some pushes leave at the end of the server's loop, after the replies of all that was read with one system call. A
    // round trip on another connection lets that pass before the fence is read.
    await server.command('PING');
    const fence = `fence ${++this.#fences}`;
    this.#socket.write(encodeArgs(['PING', fence]));
    return new Promise((resolve, reject) => {
      this.#socket.once('error', reject);
      this.#look = () => {
        const found = this.#find(fence);
        if (found === undefined) return;
        const before = this.#bytes.subarray(0, found.start);
        this.#bytes = this.#bytes.subarray(found.end);
        this.#look = () => {};
        this.#socket.off('error', reject);
        resolve(before);
      };
      this.#look();
    });
  }

  #find(fence: string): { start: number; end: number } | undefined {
    let start = 0;
    while (start < this.#bytes.length) {
      const reply = parseReply(this.#bytes, start);
      if (reply === undefined) return undefined;
      if (reply.value === fence) return { start, end: reply.end };
      start = reply.end;
    }
    return undefined;
  }
}
