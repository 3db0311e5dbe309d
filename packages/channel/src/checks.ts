import { InvalidOptionError } from '@redlane/client';

/** Node's timers run out at once beyond this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws InvalidOptionError unless it is a whole number in this range */
export function checkInteger(value: unknown, option: string, least: number, most: number = 2 ** 31): void {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return;
  throw new InvalidOptionError(option, `must be an integer from ${least} to ${most}, got ${shown(value)}`);
}

/** @throws InvalidOptionError unless it is a positive whole number or `Infinity` */
export function checkBound(value: unknown, option: string): void {
  if (value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && (value as number) > 0)) return;
  throw new InvalidOptionError(option, `must be a positive integer or Infinity, got ${shown(value)}`);
}

/** @throws InvalidOptionError */
export function checkFlag(value: unknown, option: string): void {
  if (typeof value === 'boolean') return;
  throw new InvalidOptionError(option, `must be true or false, got ${shown(value)}`);
}

/** @throws InvalidOptionError */
export function checkFunction(value: unknown, option: string): void {
  if (typeof value === 'function') return;
  throw new InvalidOptionError(option, `must be a function, got ${kindOf(value)}`);
}

/** @throws InvalidOptionError unless it is a signal or left out */
export function checkSignal(signal: unknown): void {
  // By its members: that of another realm does as well.
  const { aborted, addEventListener } = (signal ?? {}) as Partial<AbortSignal>;
  if (signal === undefined || (typeof aborted === 'boolean' && typeof addEventListener === 'function'))
    return;
  throw new InvalidOptionError('signal', `must be an AbortSignal, got ${shown(signal)}`);
}

/** @throws InvalidOptionError unless it is a text, and not empty */
export function checkWord(value: unknown, option: string): void {
  if (typeof value === 'string' && value !== '') return;
  throw new InvalidOptionError(option, `must be a string, and not empty, got ${shown(value)}`);
}

/** @throws InvalidOptionError unless it may be an object of options */
export function checkOptions(value: unknown, option: string): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new InvalidOptionError(option, `must be an object, got ${kindOf(value)}`);
}

/** @throws InvalidOptionError */
export function checkOneOf(value: unknown, option: string, words: readonly string[]): void {
  if (words.includes(value as string)) return;
  const choices = words.map((word) => JSON.stringify(word)).join(', ');
  throw new InvalidOptionError(option, `must be one of ${choices}, got ${shown(value)}`);
}

/** A time to wait, in ms. What no timer can measure is for ever. @throws InvalidOptionError */
export function durationMs(value: unknown, option: string): number {
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new InvalidOptionError(
      option,
      `must be a number of milliseconds from 0 to Infinity, got ${shown(value)}`,
    );
  }
  return value > MAX_TIMER_MS ? Number.POSITIVE_INFINITY : value;
}

/** A value for messages, cut. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : kindOf(value);
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}
