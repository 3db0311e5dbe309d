import { isUtf8 } from 'node:buffer';
import { type CommandArgument, encodeCommand } from '@redlane/resp3-core';

interface WellFormed {
  isWellFormed(): boolean;
  toWellFormed(): string;
}

/** Before the bytes, one a character, of what is not UTF-8. No well-formed text begins like this. */
const BYTES = '\udc00';
const LF = 0x0a;

/**
 * An argument as a string that is equal for equal bytes on the wire, and for no others: the text itself where the bytes are
 * UTF-8, so that the usual argument costs nothing.
 */
export function keyText(argument: CommandArgument): string {
  if (typeof argument === 'string') {
    const text = argument as string & WellFormed;
    // Lone surrogates are sent as U+FFFD.
    return text.isWellFormed() ? text : text.toWellFormed();
  }
  if (typeof argument === 'number') return Number.isSafeInteger(argument) ? `${argument}` : sent(argument);
  if (typeof argument === 'bigint') return `${argument}`;
  return bytesText(argument);
}

/** {@link keyText} of bytes. */
export function bytesText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? buffer.toString('utf8') : BYTES + buffer.toString('latin1');
}

/** What the wire shows of a number that JavaScript may write otherwise. */
function sent(argument: number): string {
  const wire = encodeCommand([argument]);
  const start = wire.indexOf(LF, wire.indexOf(LF) + 1) + 1;
  return bytesText(wire.subarray(start, -2));
}
