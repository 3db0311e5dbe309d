import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodeArgs } from '../src/command-connection.js';

/** A client that knows nothing but bytes, and remembers in which pieces they came and how the connection ended. */
export class RawClient {
  readonly socket: Socket;
  readonly chunks: Buffer[] = [];
  /** `FIN`, or the code of the error; `undefined` while the connection is open. */
  ended: string | undefined;
  readonly end: Promise<string>;
  #look: () => void = () => {};

  private constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port });
    this.socket.setNoDelay(true);
    this.socket.on('data', (chunk) => {
      this.chunks.push(chunk);
      this.#look();
    });
    this.end = new Promise((resolve) => {
      const settle = (how: string) => {
        this.ended ??= how;
        this.#look();
        resolve(this.ended);
      };
      this.socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
      this.socket.on('end', () => settle('FIN'));
      this.socket.on('close', () => settle('closed'));
    });
  }

  static async open(port: number): Promise<RawClient> {
    const client = new RawClient(port);
    await once(client.socket, 'connect');
    return client;
  }

  /** How the attempt to connect fails, or how the connection ends. */
  static attempt(port: number): Promise<string> {
    return new RawClient(port).end;
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  send(...args: string[]): void {
    this.socket.write(encodeArgs(args));
  }

  /** Resolves when this much has come; rejects when the connection ends before. */
  async receive(length: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.#look = () => {
        if (this.text.length >= length) resolve();
        else if (this.ended !== undefined)
          reject(new Error(`${this.ended} after ${JSON.stringify(this.text)}`));
      };
      this.#look();
    });
    return this.text;
  }
}
