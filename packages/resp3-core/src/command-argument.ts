import { isBytes, isDetached, viewName } from './is-bytes.js';

/**
 * One argument of a command. Text is sent as UTF-8 (lone surrogates as U+FFFD), numbers in plain decimal without an
 * exponent (`-0` as `0`, infinities as `inf` and `-inf`), bytes as they are. Node's `Buffer` is a `Uint8Array`.
 */
export type CommandArgument = string | number | bigint | Uint8Array;

/** An argument that cannot be sent. Thrown before any byte is written; never contains an argument's value. */
export class CommandArgumentError extends TypeError {
  override readonly name = 'CommandArgumentError';
  readonly code = 'INVALID_ARGUMENT';
  /** Place of the argument, the command's name being 0; `undefined` when the command as a whole is wrong. */
  readonly index: number | undefined;

  constructor(problem: string, advice: string, index?: number) {
    super(`${index === undefined ? problem : `command argument ${index} is ${problem}`}: ${advice}`);
    this.index = index;
  }
}

/** Throws {@link CommandArgumentError} unless all of `args` can be sent, as the arguments `offset`, `offset + 1`, … */
export function checkArguments(args: readonly CommandArgument[], offset = 0): void {
  if (!Array.isArray(args)) {
    throw new CommandArgumentError('a command must be an array', "pass ['GET', 'key'], for example");
  }
  const count = args.length;
  if (count + offset === 0) {
    throw new CommandArgumentError('a command must not be empty', 'pass at least its name');
  }
  for (let i = 0; i < count; i++) checkArgument(args[i], i + offset);
}

/** Throws {@link CommandArgumentError} unless `argument` can be sent. */
export function checkArgument(argument: unknown, index: number): void {
  if (typeof argument === 'string') return;
  if (typeof argument === 'number' ? !Number.isNaN(argument) : typeof argument === 'bigint') return;
  if (isBytes(argument) && !isDetached(argument)) return;
  throw refusal(argument, index);
}

function refusal(value: unknown, index: number): CommandArgumentError {
  const [problem, advice] = describe(value);
  return new CommandArgumentError(problem, advice, index);
}

function describe(value: unknown): [problem: string, advice: string] {
  if (value === null || value === undefined) return [String(value), "leave it out, or pass ''"];
  switch (typeof value) {
    case 'number':
      return ['NaN', 'no server command reads it; check the calculation'];
    case 'boolean':
      return ['a boolean', 'pass 1 or 0, or the word that the command wants'];
    case 'symbol':
      return ['a symbol', 'pass its description or another string'];
    case 'function':
      return ['a function', 'pass what it returns'];
    default:
      return describeObject(value);
  }
}

function describeObject(value: object): [problem: string, advice: string] {
  if (isBytes(value)) return ['a detached Uint8Array', 'copy the bytes before their memory is transferred'];
  if (ArrayBuffer.isView(value)) {
    return [
      `a ${viewName(value)}`,
      'wrap it as new Uint8Array(view.buffer, view.byteOffset, view.byteLength)',
    ];
  }
  if (value instanceof ArrayBuffer) return ['an ArrayBuffer', 'wrap it as new Uint8Array(buffer)'];
  if (Array.isArray(value)) return ['an array', 'spread it into the arguments'];
  if (value instanceof String) return ['a String object', 'pass its text, String(value)'];
  if (value instanceof Date) return ['a Date', 'pass date.getTime() or date.toISOString()'];
  return ['an object', 'serialise it, with JSON.stringify(value) for example'];
}
