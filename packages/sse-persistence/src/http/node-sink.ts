import type { ServerResponse } from 'node:http';
import type { Http2ServerResponse } from 'node:http2';
import type { Socket } from 'node:net';
import type { EventFrame } from '../session/event-frame.js';
import type { SessionSink, SinkOwner } from '../session/session-sink.js';
import { chunkSocket, isClear } from './chunk-socket.js';
import type { CloseHook } from './close-hook.js';

/** A response of `node:http`, `node:https` or `node:http2`, or what a framework has made of one. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** A client that does not take the rest of an ended response is not waited for any longer. */
const END_GRACE_MS = 5_000;

/** Writes to a response whose head is out. */
export class NodeSink implements SessionSink {
  readonly #res: NodeResponse;
  readonly #owner: SinkOwner;
  readonly #socket: Socket | undefined;
  #isWaiting = false;
  #isClosed: boolean;
  #drain: (() => void) | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(res: NodeResponse, hook: CloseHook, owner: SinkOwner) {
    this.#res = res;
    this.#owner = owner;
    this.#socket = chunkSocket(res);
    this.#isClosed = hook.isClosed;
    hook.owner = this;
  }

  get queuedBytes(): number {
    if (this.#isClosed) return 0;
    const { writableLength } = this.#res;
    // Of http2's responses only the stream knows.
    return writableLength ?? (this.#res as Http2ServerResponse).stream?.writableLength ?? 0;
  }

  write(frame: EventFrame): boolean {
    if (this.#isClosed) return true;
    const hasRoom = this.#writeChunk(frame) ?? this.#writeBody(frame);
    if (!hasRoom) this.#waitForRoom();
    return hasRoom;
  }

  end(): void {
    if (this.#isClosed) return;
    this.#grace = setTimeout(() => this.destroy(), END_GRACE_MS).unref();
    this.#res.end();
  }

  destroy(): void {
    this.#res.destroy();
  }

  /** The response is over, whoever has ended it. */
  closed(): void {
    this.#isClosed = true;
    clearTimeout(this.#grace);
    // The socket may serve other requests.
    if (this.#drain !== undefined) this.#socket?.off('drain', this.#drain);
    this.#owner.closed();
  }

  /** `undefined`: not possible. */
  #writeChunk(frame: EventFrame): boolean | undefined {
    const socket = this.#socket;
    if (socket === undefined || !isClear(this.#res as ServerResponse, socket)) return undefined;
    return socket.write(frame.chunk);
  }

  #writeBody(frame: EventFrame): boolean {
    const res = this.#res as ServerResponse & { flush?: unknown };
    const hasRoom = res.write(frame.bytes);
    // Compression keeps back what it has, unless told otherwise.
    if (typeof res.flush === 'function') res.flush();
    return hasRoom;
  }

  /** Listens from now on: compression does not let go of a listener. */
  #waitForRoom(): void {
    this.#isWaiting = true;
    if (this.#drain !== undefined) return;
    this.#drain = () => {
      if (!this.#isWaiting || this.#isClosed) return;
      this.#isWaiting = false;
      this.#owner.drained();
    };
    // Whichever of the two was written to says so.
    this.#res.on('drain', this.#drain);
    this.#socket?.on('drain', this.#drain);
  }
}
