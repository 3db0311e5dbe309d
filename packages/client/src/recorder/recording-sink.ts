import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import {
  END_BYTES,
  type EndReason,
  type RecordingHeader,
  type RecordLine,
  VERSION,
} from './recording-format.js';

export interface SinkOptions {
  readonly maxBytes: number;
  readonly maxPendingBytes: number;
  /** The writable has failed. Called once. */
  readonly onError: (error: Error) => void;
  /** There will be no more records. Called once. */
  readonly onEnd: () => void;
}

type WithoutTime<Line> = Line extends unknown ? Omit<Line, 't'> : never;

/** Writes the lines of a recording, within bounds, until the first trouble. */
export class RecordingSink {
  readonly #stream: Writable;
  readonly #ownsStream: boolean;
  readonly #options: SinkOptions;
  readonly #startedAt: number = performance.now();
  readonly #onError = (error: Error): void => this.#fail(error);
  #flushed: Promise<void> = Promise.resolve();
  #bytes = 0;
  #records = 0;
  #ended: EndReason | 'error' | undefined;

  constructor(target: string | Writable, options: SinkOptions) {
    this.#options = options;
    this.#ownsStream = typeof target === 'string';
    // What is recorded is for nobody else on this machine.
    this.#stream = typeof target === 'string' ? createWriteStream(target, { mode: 0o600 }) : target;
    this.#stream.on('error', this.#onError);
    const header: RecordingHeader = {
      format: 'redlane-recording',
      version: VERSION,
      startedAt: new Date().toISOString(),
    };
    const text = lineOf(header);
    this.#put(text, Buffer.byteLength(text));
  }

  get bytes(): number {
    return this.#bytes;
  }

  get records(): number {
    return this.#records;
  }

  /** Why it has ended; `undefined` while it has not. */
  get ended(): EndReason | 'error' | undefined {
    return this.#ended;
  }

  /** Whether so many bytes would fit. When they would not, the recording ends. */
  fits(bytes: number): boolean {
    if (this.#ended !== undefined) return false;
    if (this.#bytes + bytes + END_BYTES <= this.#options.maxBytes) return true;
    this.#end('maxBytes');
    return false;
  }

  write(record: WithoutTime<RecordLine>): void {
    const text = lineOf({ ...record, t: this.#now() });
    const size = Buffer.byteLength(text);
    if (!this.fits(size)) return;
    const pending = this.#stream.writableLength;
    // One record may be larger than the bound.
    if (pending > 0 && pending + size > this.#options.maxPendingBytes) this.#end('slow');
    else {
      this.#records++;
      this.#put(text, size);
    }
  }

  /** Writes the last line. Resolves when all is written, or never will be. */
  async close(): Promise<void> {
    if (this.#ended === undefined) this.#end('closed');
    await this.#flushed;
    if (!this.#ownsStream) this.#stream.off('error', this.#onError);
  }

  #end(reason: EndReason): void {
    this.#ended = reason;
    this.#options.onEnd();
    const text = lineOf({ k: 'end', t: this.#now(), reason });
    const stream = this.#stream;
    this.#flushed = new Promise((resolve) => {
      this.#put(text, Buffer.byteLength(text), this.#ownsStream ? undefined : resolve);
      if (!this.#ownsStream) return;
      if (stream.closed) resolve();
      else stream.once('close', resolve);
      stream.end();
    });
  }

  #put(text: string, size: number, done?: () => void): void {
    this.#bytes += size;
    try {
      this.#stream.write(text, (error) => {
        if (error) this.#fail(error);
        done?.();
      });
    } catch (error) {
      // A stream of the user's may do this.
      this.#fail(error as Error);
      done?.();
    }
  }

  #now(): number {
    return Math.round((performance.now() - this.#startedAt) * 1000) / 1000;
  }

  #fail(error: Error): void {
    if (this.#ended === 'error') return;
    const recording = this.#ended === undefined;
    this.#ended = 'error';
    if (recording) this.#options.onEnd();
    this.#options.onError(error);
  }
}

function lineOf(line: RecordingHeader | RecordLine): string {
  return `${JSON.stringify(line)}\n`;
}
