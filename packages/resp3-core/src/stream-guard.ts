import { type Attributes, CHUNKS, type Frame, MAP, PUSH, TOP } from './aggregate.js';
import { ProtocolError, type ProtocolErrorCode } from './errors.js';
import { excerptOf } from './excerpt.js';
import type { Limits } from './limits.js';
import { lineFault } from './line.js';
import { allocate, type TextBytes } from './text-bytes.js';
import { CR, DOT, isType, LF, MINUS, PAREN, PLUS, SEMICOLON } from './type-bytes.js';

const EMPTY = allocate(0);

/** Knows where in the stream the decoder is, what it may read there, and how to say that something else came. */
export class StreamGuard {
  readonly limits: Readonly<Limits>;
  /** Offset of the current chunk's first byte in the stream; after a failure, that of the byte at fault. */
  base = 0;
  /** Offset of the first byte of the reply under way. */
  replyStart = 0;

  constructor(limits: Readonly<Limits>) {
    this.limits = limits;
  }

  /** Index of the CR of a short line, -1 when the line is not whole. Fails when it breaks its grammar. */
  shortLineEnd(bytes: TextBytes, start: number, end: number): number {
    this.checkLine(bytes, start, end, start + 1);
    const stop = bytes.indexOf(CR, start);
    return stop === -1 || stop + 1 === end ? -1 : stop;
  }

  /** The same for `+`, `-` and `(`, whose lines may be long. */
  longLineEnd(bytes: TextBytes, start: number, end: number): number {
    const { lineBytes, bigNumberBytes } = this.limits;
    let stop = start + 1;
    let right: boolean;
    if (bytes[start] === PAREN) {
      if (bytes[stop] === MINUS || bytes[stop] === PLUS) stop++;
      const first = stop;
      while ((bytes[stop] as number) >= 0x30 && (bytes[stop] as number) <= 0x39) stop++;
      right = stop > first && stop - start - 1 <= bigNumberBytes;
    } else {
      while (stop < end && bytes[stop] !== CR && bytes[stop] !== LF) stop++;
      right = stop - start - 1 <= lineBytes;
    }
    if (stop + 1 >= end) return -1;
    if (!right || bytes[stop] !== CR || bytes[stop + 1] !== LF) this.failLine(bytes, start, end);
    return stop;
  }

  checkLine(bytes: TextBytes, start: number, end: number, from: number): void {
    const fault = lineFault(bytes, start, end, this.limits, from);
    if (fault !== undefined)
      this.fail(fault.code, bytes, start, start + fault.index + 1, fault.expected, start + fault.index);
  }

  failLine(bytes: TextBytes, start: number, end: number): never {
    this.checkLine(bytes, start, end, start + 1);
    throw new Error('a line was refused that has no fault');
  }

  /** A value must be able to begin with this byte here. */
  checkStructure(bytes: TextBytes, at: number, frame: Frame, attributes: Attributes | null): void {
    const type = bytes[at] as number;
    const { kind, streamed, index } = frame;
    let expected = '';
    if (kind === CHUNKS && type !== SEMICOLON) expected = 'the next piece of a streamed string';
    else if (kind !== CHUNKS && type === SEMICOLON) expected = 'a value, not a piece of a streamed string';
    else if (!isType(type)) this.fail('UNKNOWN_TYPE', bytes, at, at + 1, 'the type of a value');
    else if (type === DOT && (kind === TOP || !streamed)) expected = 'a value, not the end of a streamed one';
    else if (type === DOT && attributes !== null) expected = 'a value after its attributes';
    else if (type === DOT && kind >= MAP && kind !== PUSH && (index & 1) === 1) {
      expected = 'a value for the last key';
    }
    if (expected !== '') this.fail('INVALID_STRUCTURE', bytes, at, at + 1, expected);
  }

  failDepth(bytes: TextBytes, start: number, end: number): never {
    return this.fail('LIMIT_EXCEEDED', bytes, start, end, `at most ${this.limits.depth} levels`);
  }

  failBulkBytes(bytes: TextBytes, start: number, end: number): never {
    return this.fail('LIMIT_EXCEEDED', bytes, start, end, `a bulk of at most ${this.limits.bulkBytes} bytes`);
  }

  failReplyBytes(): never {
    const most = this.limits.replyBytes;
    const at = this.replyStart + most - this.base;
    return this.fail('LIMIT_EXCEEDED', EMPTY, 0, 0, `the end of a reply of at most ${most} bytes`, at);
  }

  fail(
    code: ProtocolErrorCode,
    bytes: TextBytes,
    start: number,
    end: number,
    expected: string,
    at: number = start,
  ): never {
    this.base += at;
    throw new ProtocolError(code, this.base, expected, excerptOf(bytes, start, end));
  }
}
