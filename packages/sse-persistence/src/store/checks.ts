import { InvalidOptionError } from '@redlane/client';

/** @throws InvalidOptionError unless it is a whole number in this range */
export function checkInteger(
  value: unknown,
  option: string,
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): number {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)
    return value as number;
  throw new InvalidOptionError(
    option,
    `must be a whole number from ${least} to ${most}, got ${shown(value)}`,
  );
}

/** @throws InvalidOptionError unless it is a number from 0 to `Infinity` */
export function checkDuration(value: unknown, option: string): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new InvalidOptionError(option, `must be a number from 0 to Infinity, got ${shown(value)}`);
}

/** @throws InvalidOptionError */
export function checkOneOf<Word extends string>(
  value: unknown,
  option: string,
  words: readonly Word[],
): Word {
  if (words.includes(value as Word)) return value as Word;
  const choices = words.map((word) => JSON.stringify(word)).join(', ');
  throw new InvalidOptionError(option, `must be one of ${choices}, got ${shown(value)}`);
}

/** @throws InvalidOptionError */
export function checkFunction(value: unknown, option: string): void {
  if (value === undefined || typeof value === 'function') return;
  throw new InvalidOptionError(option, `must be a function, got ${typeof value}`);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value;
}
