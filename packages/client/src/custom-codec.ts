import {
  type CommandArgument,
  RedisError,
  type RespDecoderHandlers,
  RespPush,
  type RespValue,
} from '@redlane/resp3-core';
import type { CommandEncoder, ReplyReader, ReplyReaderClass } from './client-options.js';

/**
 * A user's reader in the place of the decoder. What it gives is taken as it is: an instance of `RespPush` is a push, one of
 * `RedisError` an error reply. `replies` and `maps` have no effect on it.
 */
export class ReaderDecoder {
  replies: 'string' | 'bytes' = 'string';
  maps: 'map' | 'object' | 'entries' = 'map';
  readonly #Reader: ReplyReaderClass;
  readonly #handlers: RespDecoderHandlers;
  #reader: ReplyReader;

  constructor(Reader: ReplyReaderClass, handlers: RespDecoderHandlers) {
    this.#Reader = Reader;
    this.#handlers = handlers;
    this.#reader = new Reader();
  }

  /** Nobody can ask a reader whether it holds half an object. */
  get pending(): boolean {
    return false;
  }

  write(chunk: Uint8Array, transient: boolean): void {
    const reader = this.#reader;
    reader.feed(transient ? Buffer.from(chunk) : chunk);
    for (let object = reader.getObject(); object !== this.#Reader.sentinel; object = reader.getObject()) {
      if (object instanceof RespPush) this.#handlers.onPush(object);
      else if (object instanceof RedisError) this.#handlers.onErrorReply(object);
      else this.#handlers.onReply(object as RespValue);
      if (reader !== this.#reader) return;
    }
  }

  reset(): void {
    this.#reader = new this.#Reader();
  }
}

/** A user's encoder in the place of the command writer. */
export class EncoderWriter {
  readonly #encode: CommandEncoder;
  #segments: Uint8Array[] = [];
  pendingBytes = 0;

  constructor(encode: CommandEncoder) {
    this.#encode = encode;
  }

  append(args: readonly CommandArgument[]): number {
    const [command, ...rest] = args;
    const bytes = this.#encode(command as CommandArgument, ...rest);
    this.#segments.push(bytes);
    this.pendingBytes += bytes.length;
    return bytes.length;
  }

  take(): Uint8Array[] {
    const segments = this.#segments;
    this.#segments = [];
    this.pendingBytes = 0;
    return segments;
  }

  /** Its bytes are the user's: there is nothing to be used again. */
  recycle(): void {}
}
