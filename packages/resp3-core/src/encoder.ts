import { type CommandArgument, checkArguments } from './command-argument.js';
import { digitCount, writeCrlf, writeHeader } from './header-writer.js';
import { plainDecimal } from './plain-decimal.js';
import { allocate, utf8Length, writeText } from './utf8-writer.js';

const STAR = 0x2a;
const DOLLAR = 0x24;
/** A type byte and CRLF. */
const HEADER_FRAME = 3;
const CRLF = 2;

/**
 * The bytes of one command, in memory of their own. For many commands, `CommandWriter` is faster.
 *
 * @throws {@link CommandArgumentError} (`INVALID_ARGUMENT`) for an empty array and for anything but strings, numbers (not
 * NaN), bigints and bytes.
 */
export function encodeCommand(args: readonly CommandArgument[]): Uint8Array {
  checkArguments(args);
  let size = HEADER_FRAME + digitCount(args.length);
  const parts = args.map((arg) => {
    const value = typeof arg === 'number' ? plainDecimal(arg) : typeof arg === 'bigint' ? String(arg) : arg;
    const bytes = typeof value === 'string' ? utf8Length(value) : value.byteLength;
    size += HEADER_FRAME + digitCount(bytes) + bytes + CRLF;
    return { value, bytes };
  });

  const target = allocate(size);
  let at = writeHeader(target, STAR, parts.length, 0);
  for (const { value, bytes } of parts) {
    at = writeHeader(target, DOLLAR, bytes, at);
    if (typeof value === 'string') writeText(target, value, at);
    else target.set(value, at);
    at = writeCrlf(target, at + bytes);
  }
  return target;
}

/** {@link encodeCommand} in the form of `call(command, ...args)`. */
export function writeCommand(command: CommandArgument, ...args: CommandArgument[]): Uint8Array {
  return encodeCommand([command, ...args]);
}
