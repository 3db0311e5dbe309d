import { connect, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { CommandRecord } from './command-log.js';
import { CommandParser } from './command-parser.js';
import { FaultPipe } from './fault-pipe.js';
import { type CutKind, checkFaults, type Direction, type Faults } from './faults.js';

/** Where the proxy's connections go. */
export type ProxyTarget = { readonly host: string; readonly port: number } | { readonly path: string };

/** Bytes of one direction: what the proxy has taken in, and what it has passed on. */
export interface ByteCount {
  received: number;
  forwarded: number;
}

/** What a connection tells its proxy. */
export interface ConnectionEvents {
  onReceived(direction: Direction, bytes: number): void;
  onForwarded(direction: Direction, bytes: number): void;
  onCommand(record: CommandRecord): void;
  onCommandForwarded(record: CommandRecord): void;
}

interface PendingCommand {
  readonly record: CommandRecord & { forwarded: boolean };
  readonly end: number;
}

/** One client's connection through the proxy. */
export class ProxiedConnection {
  /** 1 for the proxy's first connection, and so on. */
  readonly id: number;
  /** Resolves when both sides are closed. */
  readonly closed: Promise<void>;
  readonly bytes: Readonly<Record<Direction, Readonly<ByteCount>>>;
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #pipes: Record<Direction, FaultPipe>;

  /** @internal */
  constructor(
    id: number,
    client: Socket,
    target: ProxyTarget,
    random: () => number,
    events: ConnectionEvents,
  ) {
    this.id = id;
    this.#client = client;
    // No data is lost when one side is closed first: each side ends only when its bytes have been passed on.
    const server = connect({ ...target, allowHalfOpen: true } as TcpNetConnectOpts);
    this.#server = server;
    client.setNoDelay(true);
    server.setNoDelay(true);

    const bytes = { toServer: { received: 0, forwarded: 0 }, toClient: { received: 0, forwarded: 0 } };
    this.bytes = bytes;
    const pending: PendingCommand[] = [];
    const parser = new CommandParser(({ args, end }) => {
      const record = { connectionId: id, args, forwarded: false };
      pending.push({ record, end });
      events.onCommand(record);
    });
    const pipe = (direction: Direction, source: Socket, sink: Socket): FaultPipe =>
      new FaultPipe(source, sink, random, {
        onBytes: (chunk) => {
          bytes[direction].received += chunk.length;
          events.onReceived(direction, chunk.length);
          if (direction === 'toServer') parser.push(chunk);
        },
        onForwarded: (count) => {
          bytes[direction].forwarded += count;
          events.onForwarded(direction, count);
          while (pending[0] !== undefined && pending[0].end <= bytes.toServer.forwarded) {
            const { record } = pending.shift()!;
            record.forwarded = true;
            events.onCommandForwarded(record);
          }
        },
        onEnd: (by) => end(sink, by),
        onCut: (by) => this.#cutBehind(by),
      });
    this.#pipes = { toServer: pipe('toServer', client, server), toClient: pipe('toClient', server, client) };
    this.#pipes.toClient.start();
    server.once('connect', () => this.#pipes.toServer.start());
    this.closed = Promise.all([gone(client), gone(server)]).then(() => {});
  }

  /** Replaces the faults of this connection, in one direction or both. */
  set(faults: Faults, direction: Direction | 'both' = 'both'): void {
    checkFaults(faults);
    if (direction !== 'toClient') this.#pipes.toServer.set(faults);
    if (direction !== 'toServer') this.#pipes.toClient.set(faults);
  }

  /** Lets everything through again; what was held back leaves at once. */
  restore(): void {
    this.set({});
  }

  /** Ends both sides now; what was held back is lost. */
  cut(by: CutKind): void {
    this.#stop();
    end(this.#client, by);
    end(this.#server, by);
  }

  /** @internal Ends both sides without a goodbye. */
  destroy(): void {
    this.#client.destroy();
    this.#server.destroy();
  }

  /** Nothing more goes through; a reset waits until its receiver can have read what came before, as it may overtake that. */
  #cutBehind(by: CutKind): void {
    this.#stop();
    if (by === 'FIN') this.cut(by);
    else setTimeout(() => this.cut(by), 5);
  }

  #stop(): void {
    this.#pipes.toServer.stop();
    this.#pipes.toClient.stop();
  }
}

function end(socket: Socket, by: CutKind): void {
  if (by === 'FIN') socket.end();
  // Node cannot reset behind a FIN, and would never close the socket.
  else if (isUnix(socket) || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}

/** A unix socket knows no reset, and Node refuses to send one; one that is still connecting has no address yet. */
function isUnix(socket: Socket): boolean {
  return !socket.connecting && socket.remoteAddress === undefined;
}

function gone(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
