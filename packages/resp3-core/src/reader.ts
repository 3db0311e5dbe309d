import { RespDecoder } from './decoder.js';
import type { RespNode } from './node.js';
import type { EngineOptions, RespDecoderOptions } from './options.js';
import { textBytes } from './text-bytes.js';
import type { RespAttributes, RespPush, RespValue } from './values.js';

export interface Resp3ReaderOptions<Typed extends boolean = boolean> extends RespDecoderOptions {
  /**
   * Give {@link RespNode} trees, with the RESP type and the attributes of every value, also for errors and pushes. The
   * options for shapes (`maps`, `sets`, `verbatim`, `attributes`) have no say then.
   * @default false
   */
  typed?: Typed;
}

/** What a reader gives: values, errors among them, and pushes; or nodes for all of these. */
export type Resp3Object<Typed extends boolean = false> = Typed extends true ? RespNode : RespValue | RespPush;

/** From how many objects on that were given out their places are cleared away. */
const COMPACT_FROM = 1024;

/**
 * Pull-style reader: `feed` bytes as they come, then take the objects that they complete. An error that the server sent
 * is returned, not thrown. Same engine, options and limits as {@link RespDecoder}.
 *
 * @example
 * ```ts
 * const reader = new Resp3Reader();
 * reader.feed(chunk);
 * for (const object of reader.objects()) console.log(object);
 * ```
 */
export class Resp3Reader<Typed extends boolean = false> {
  /** What {@link Resp3Reader.getObject} returns when it needs more bytes. No reply is ever equal to it. */
  static readonly sentinel: unique symbol = Symbol('Resp3Reader.sentinel');

  readonly #decoder: RespDecoder;
  /** What has not been taken, from `#next` on; in the other array the attributes of each. */
  #objects: (RespValue | RespPush)[] = [];
  #besides: (RespAttributes | undefined)[] = [];
  #next = 0;
  #attributes: RespAttributes | undefined;
  #failure: { error: unknown } | undefined;

  /** @throws TypeError or RangeError for an option that is none. */
  constructor(options?: Resp3ReaderOptions<Typed>) {
    const keep = (object: RespValue | RespPush, attributes?: RespAttributes): void => {
      this.#objects.push(object);
      this.#besides.push(attributes);
    };
    const engine: EngineOptions = { ...options };
    this.#decoder = new RespDecoder({ onReply: keep, onErrorReply: keep, onPush: keep }, engine);
  }

  /**
   * Attributes that stood before the object taken last, `undefined` when it has none. With `attributes: 'wrap'` only
   * errors and pushes have them here, with `typed: true` nothing has.
   */
  get attributes(): RespAttributes | undefined {
    return this.#attributes;
  }

  /** Bytes fed since the start, or since `reset()`; after a protocol error the offset of the wrong byte. */
  get offset(): number {
    return this.#decoder.offset;
  }

  /** True when an object has begun and its end has not come. */
  get pending(): boolean {
    return this.#decoder.pending;
  }

  /**
   * Decodes what the chunk completes. Its memory must not be changed afterwards. When the bytes break the protocol, that
   * is thrown by `getObject`, after the objects before the fault.
   *
   * @throws {@link ProtocolError} the same one again, when an earlier chunk had it. TypeError for what is no `Uint8Array`.
   */
  feed(chunk: Uint8Array): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#next >= COMPACT_FROM && this.#next * 2 >= this.#objects.length) this.#compact();
    const bytes = textBytes(chunk);
    try {
      this.#decoder.write(bytes);
    } catch (error) {
      this.#failure = { error };
    }
  }

  /**
   * The next object, or {@link Resp3Reader.sentinel} when it needs more bytes.
   *
   * @throws {@link ProtocolError} when all objects before the fault have been taken; again at each call until `reset()`.
   */
  getObject(): Resp3Object<Typed> | typeof Resp3Reader.sentinel {
    const at = this.#next;
    if (at === this.#objects.length) {
      this.#attributes = undefined;
      if (this.#failure !== undefined) throw this.#failure.error;
      return Resp3Reader.sentinel;
    }
    const object = this.#objects[at] as Resp3Object<Typed>;
    this.#attributes = this.#besides[at];
    this.#next = at + 1;
    if (this.#next === this.#objects.length) this.#compact();
    else {
      this.#objects[at] = null;
      this.#besides[at] = undefined;
    }
    return object;
  }

  /** Takes the objects that are there, one by one. Ends when more bytes are needed, and throws what `getObject` throws. */
  *objects(): Generator<Resp3Object<Typed>, void, undefined> {
    for (;;) {
      const object = this.getObject();
      if (object === Resp3Reader.sentinel) return;
      yield object;
    }
  }

  /** Forgets everything, objects not taken included: the next byte is a stream's first. */
  reset(): void {
    this.#decoder.reset();
    this.#objects = [];
    this.#besides = [];
    this.#next = 0;
    this.#attributes = undefined;
    this.#failure = undefined;
  }

  #compact(): void {
    this.#objects.splice(0, this.#next);
    this.#besides.splice(0, this.#next);
    this.#next = 0;
  }
}
