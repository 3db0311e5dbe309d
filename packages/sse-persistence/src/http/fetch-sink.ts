import type { EventFrame } from '../session/event-frame.js';
import type { SessionSink, SinkOwner } from '../session/session-sink.js';

/** As much as node's own streams keep. */
const HIGH_WATER_MARK = 65_536;

/** A stream of bytes as the body of a Fetch-style response. */
export class FetchSink implements SessionSink {
  readonly body: ReadableStream<Uint8Array>;
  readonly #owner: SinkOwner;
  readonly #signal: AbortSignal;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #isFull = false;
  #isClosed = false;

  /** `signal` is the request's: some servers say there that the client has gone, and some cancel the body. */
  constructor(owner: SinkOwner, signal: AbortSignal) {
    this.#owner = owner;
    this.#signal = signal;
    this.body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#pull(),
        cancel: () => this.#close(),
      },
      { highWaterMark: HIGH_WATER_MARK, size: (chunk) => chunk.byteLength },
    );
    signal.addEventListener('abort', this.#abort);
  }

  get queuedBytes(): number {
    return this.#isClosed ? 0 : HIGH_WATER_MARK - (this.#controller.desiredSize ?? HIGH_WATER_MARK);
  }

  write(frame: EventFrame): boolean {
    if (this.#isClosed) return true;
    this.#controller.enqueue(frame.bytes);
    this.#isFull = (this.#controller.desiredSize ?? 0) <= 0;
    return !this.#isFull;
  }

  end(): void {
    if (this.#isClosed) return;
    this.#controller.close();
    this.#close();
  }

  /** What is in the stream is dropped. */
  destroy(): void {
    if (this.#isClosed) return;
    this.#controller.error(new Error('the client does not take what is sent'));
    this.#close();
  }

  #pull(): void {
    if (!this.#isFull || this.#isClosed) return;
    this.#isFull = false;
    this.#owner.drained();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#signal.removeEventListener('abort', this.#abort);
    this.#owner.closed();
  }

  readonly #abort = (): void => this.destroy();
}
