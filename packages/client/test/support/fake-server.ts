import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { RespDecoder } from '@redlane/resp3-core';

/** One client's connection: 1 for the first, and so on. */
export interface FakeConnection {
  readonly number: number;
  readonly socket: Socket;
}

/**
 * Gives the bytes that answer a command, `''` for none. `undefined` leaves the command to the server: HELLO is answered in
 * RESP3, PING by PONG, everything else by OK.
 */
export type Answer = (args: readonly string[], connection: FakeConnection) => string | undefined;

/** Sends bytes that no real server sends. */
export class FakeServer implements AsyncDisposable {
  readonly host: string = '127.0.0.1';
  readonly commands: (readonly string[])[] = [];
  readonly #listener: Server;
  readonly #answer: Answer;
  readonly #sockets: Set<Socket> = new Set();
  #connections = 0;

  static async start(answer: Answer): Promise<FakeServer> {
    const server = new FakeServer(answer);
    server.#listener.listen(0, server.host);
    await once(server.#listener, 'listening');
    return server;
  }

  private constructor(answer: Answer) {
    this.#answer = answer;
    this.#listener = createServer((socket) => this.#accept(socket));
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Connections that were ever made. */
  get connections(): number {
    return this.#connections;
  }

  /** Connections that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#listener.close();
    await once(this.#listener, 'close');
  }

  #accept(socket: Socket): void {
    const connection = { number: ++this.#connections, socket };
    this.#sockets.add(socket);
    // What is answered to commands that came in one packet leaves in one packet.
    let answers = '';
    const decoder = new RespDecoder({
      onReply: (args) => {
        answers += this.#reply(args as string[], connection);
      },
      onErrorReply: () => undefined,
      onPush: () => undefined,
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('data', (chunk) => {
      decoder.write(chunk);
      if (answers !== '') socket.write(answers);
      answers = '';
    });
  }

  #reply(args: string[], connection: FakeConnection): string {
    this.commands.push(args);
    const answer = this.#answer(args, connection);
    if (answer !== undefined) return answer;
    if (args[0] === 'HELLO') return `%2\r\n$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:${connection.number}\r\n`;
    return args[0] === 'PING' ? '+PONG\r\n' : '+OK\r\n';
  }
}
