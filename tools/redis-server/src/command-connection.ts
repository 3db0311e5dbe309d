import { connect, type Socket } from 'node:net';
import { RedisServerError } from './errors.js';
import { parseReply, type Reply, ReplyError } from './reply.js';

/** The bytes of one command. */
export function encodeArgs(args: readonly string[]): Buffer {
  const parts = [`*${args.length}\r\n`, ...args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`)];
  return Buffer.from(parts.join(''));
}

interface Waiting {
  resolve(reply: Reply): void;
  reject(error: Error): void;
}

/** A RESP2 connection to a server's unix socket, for the tool's own questions. Replies come in order; no pub/sub. */
export class CommandConnection implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #waiting: Waiting[] = [];
  #received: Buffer = Buffer.alloc(0);
  #failure: Error | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail());
  }

  /** Connects, and authenticates when `auth` is given. Aborting `signal` ends the connection at any later time too. */
  static async open(
    socketPath: string,
    auth: readonly string[],
    signal?: AbortSignal,
  ): Promise<CommandConnection> {
    const connection = new CommandConnection(connect({ path: socketPath, ...(signal && { signal }) }));
    if (auth.length > 0) {
      try {
        await connection.call('AUTH', ...auth);
      } catch (error) {
        await connection[Symbol.asyncDispose]();
        throw error;
      }
    }
    return connection;
  }

  /** Sends a command. Rejects with a {@link ReplyError}, or with `CONNECTION_LOST`. */
  call(...args: readonly string[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure);
      this.#waiting.push({ resolve, reject });
      this.#socket.write(encodeArgs(args));
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.closed) return resolve();
      this.#socket.once('close', () => resolve());
      this.#socket.destroy();
    });
  }

  #onData(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const reply = this.#received.length > 0 ? parseReply(this.#received) : undefined;
      if (reply === undefined) return;
      this.#received = this.#received.subarray(reply.end);
      const waiting = this.#waiting.shift();
      if (reply.value instanceof ReplyError) waiting?.reject(reply.value);
      else waiting?.resolve(reply.value);
    }
  }

  #fail(cause?: Error): void {
    this.#failure ??= new RedisServerError(
      'CONNECTION_LOST',
      `the connection to the server ended before the reply came${cause ? ` (${cause.message})` : ''}.`,
      { cause },
    );
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
