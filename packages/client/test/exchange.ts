import type { Socket } from 'node:net';
import {
  type CommandArgument,
  encodeCommand,
  type RedisError,
  RespDecoder,
  type RespValue,
} from '@redlane/resp3-core';

type Outcome = RespValue | RedisError;

/** The least that a handshake needs of a connection: one write, replies in order. Keeps what was sent. */
export class SocketExchange {
  readonly sent: string[][][] = [];
  readonly #socket: Socket;
  readonly #decoder: RespDecoder;
  #replies: Outcome[] = [];
  #wake: () => void = () => undefined;
  #lost: Error | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    const keep = (reply: Outcome): void => void this.#replies.push(reply);
    this.#decoder = new RespDecoder({ onReply: keep, onErrorReply: keep, onPush: () => undefined });
    socket.on('data', (chunk: Buffer) => {
      this.#decoder.write(chunk);
      this.#wake();
    });
    socket.on('close', () => {
      this.#lost = new Error('the connection was closed');
      this.#wake();
    });
  }

  readonly exchange = async (commands: readonly (readonly CommandArgument[])[]): Promise<Outcome[]> => {
    this.sent.push(commands.map((command) => command.map(String)));
    this.#socket.write(Buffer.concat(commands.map((command) => encodeCommand(command))));
    while (this.#replies.length < commands.length) {
      if (this.#lost !== undefined && this.#replies.length > 0) break;
      if (this.#lost !== undefined) throw this.#lost;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#replies.splice(0, commands.length);
  };

  /** One command, as a user of the greeted connection. */
  async call(...command: CommandArgument[]): Promise<Outcome> {
    const [reply] = await this.exchange([command]);
    return reply as Outcome;
  }
}
