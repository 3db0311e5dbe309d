import { Buffer } from 'node:buffer';
import { type Frame, frame } from '../frame/frame.js';

const CRLF = '\r\n';

/**
 * An event as it goes over the wire. It is encoded when it is made and never again: all sessions of a process that send the
 * event write these same bytes, so whoever reads events for them keeps one frame for each event.
 */
export class EventFrame {
  /** A chunk of an HTTP/1.1 body with `Transfer-Encoding: chunked`. */
  readonly chunk: Buffer;
  /** What is in the chunk. */
  readonly bytes: Buffer;

  private constructor(chunk: Buffer, head: number) {
    this.chunk = chunk;
    this.bytes = chunk.subarray(head, chunk.length - CRLF.length);
  }

  /** @throws FrameError, as {@link frame} does */
  static of(fields: Frame): EventFrame {
    const text = frame(fields);
    const head = headOf(Buffer.byteLength(text));
    return new EventFrame(Buffer.from(head + text + CRLF), head.length);
  }

  /** Several frames as one, to be written at once. */
  static join(frames: readonly EventFrame[]): EventFrame {
    const head = headOf(frames.reduce((size, { bytes }) => size + bytes.length, 0));
    const parts = [Buffer.from(head), ...frames.map(({ bytes }) => bytes), Buffer.from(CRLF)];
    return new EventFrame(Buffer.concat(parts), head.length);
  }
}

function headOf(size: number): string {
  return size.toString(16) + CRLF;
}
