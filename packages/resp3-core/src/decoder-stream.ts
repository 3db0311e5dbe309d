import { ProtocolError } from './errors.js';
import { type Resp3Object, Resp3Reader, type Resp3ReaderOptions } from './reader.js';

type Wake = () => void;

/**
 * A web transform stream from bytes to what {@link Resp3Reader} gives: `bytes.pipeThrough(new RespDecoderStream())`. It
 * takes the next chunk when all objects of the last one have been read.
 *
 * Bytes that break the protocol, or an end inside of a reply (`TRUNCATED`), fail the readable side after its last whole
 * object. (A `TransformStream`, which this is not an instance of, would drop the objects that have not been read.)
 *
 * Attributes come with `attributes: 'wrap'` or `typed: true`, else they are dropped.
 */
export class RespDecoderStream<Typed extends boolean = false> {
  /** The objects, in order. */
  readonly readable: ReadableStream<Resp3Object<Typed>>;
  /** Takes the bytes, cut anywhere. A chunk's memory must not be changed afterwards. */
  readonly writable: WritableStream<Uint8Array>;

  readonly #reader: Resp3Reader<Typed>;
  #ended = false;
  #wakePull: Wake | undefined;
  #wakeWrite: Wake | undefined;

  /** @throws TypeError or RangeError for an option that is none. */
  constructor(options?: Resp3ReaderOptions<Typed>) {
    this.#reader = new Resp3Reader<Typed>(options);
    let output!: ReadableStreamDefaultController<Resp3Object<Typed>>;
    let input!: WritableStreamDefaultController;
    const stop = (error: unknown): never => {
      input.error(error);
      output.error(error);
      this.#wake();
      throw error;
    };
    this.readable = new ReadableStream(
      {
        start: (controller) => {
          output = controller;
        },
        pull: () => this.#pull(output).catch(stop),
        cancel: (reason) => {
          input.error(reason);
          this.#wake();
        },
      },
      { highWaterMark: 0 },
    );
    this.writable = new WritableStream({
      start: (controller) => {
        input = controller;
        // A writable is not aborted before its current write has ended, and that may wait for a reader.
        const { signal } = controller as { signal?: AbortSignal };
        signal?.addEventListener('abort', () => this.#wake());
      },
      write: (chunk) => this.#write(chunk).catch(stop),
      close: () => this.#close(),
      abort: (reason) => {
        output.error(reason);
        this.#wake();
      },
    });
  }

  async #pull(output: ReadableStreamDefaultController<Resp3Object<Typed>>): Promise<void> {
    for (;;) {
      const object = this.#reader.getObject();
      if (object !== Resp3Reader.sentinel) {
        output.enqueue(object);
        return;
      }
      if (this.#ended) {
        if (this.#reader.pending) throw this.#truncated();
        output.close();
        return;
      }
      await new Promise<void>((resolve) => {
        this.#wake();
        this.#wakePull = resolve;
      });
    }
  }

  async #write(chunk: Uint8Array): Promise<void> {
    this.#reader.feed(chunk);
    await new Promise<void>((resolve) => {
      this.#wake();
      this.#wakeWrite = resolve;
    });
  }

  #close(): void {
    this.#ended = true;
    this.#wake();
    if (this.#reader.pending) throw this.#truncated();
  }

  #truncated(): ProtocolError {
    return new ProtocolError('TRUNCATED', this.#reader.offset, 'the rest of a reply');
  }

  #wake(): void {
    this.#wakePull?.();
    this.#wakeWrite?.();
    this.#wakePull = this.#wakeWrite = undefined;
  }
}
