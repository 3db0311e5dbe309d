import { InvalidOptionError } from '@redlane/client';

/** A number of things: a positive integer or `Infinity`. */
export function bound(value: unknown, option: string): number {
  if (value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && (value as number) > 0)) {
    return value as number;
  }
  throw new InvalidOptionError(option, `must be a positive integer or Infinity, got ${shown(value)}`);
}

export function flag(value: unknown, option: string): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidOptionError(option, `must be true or false, got ${shown(value)}`);
}

export function callable<T>(value: T, option: string): T {
  if (typeof value === 'function') return value;
  throw new InvalidOptionError(option, `must be a function, got ${shown(value)}`);
}

/** A text that is not shown: it may be a secret in the wrong place. */
export function text(value: unknown, option: string): string {
  if (typeof value === 'string') return value;
  throw new InvalidOptionError(option, `must be a string, got ${typeof value}`);
}

export function name(value: unknown, option: string): string {
  if (text(value, option) !== '') return value as string;
  throw new InvalidOptionError(option, 'must not be empty');
}

export function oneOf<T extends string | number>(allowed: readonly T[], value: unknown, option: string): T {
  if (allowed.includes(value as T)) return value as T;
  const choices = allowed.map((choice) => JSON.stringify(choice)).join(', ');
  throw new InvalidOptionError(option, `must be one of ${choices}, got ${shown(value)}`);
}

/** A port, as a number or, as the seed has it, as text. */
export function portOf(value: unknown, option: string): number {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : value;
  if (Number.isInteger(port) && (port as number) >= 1 && (port as number) <= 65_535) return port as number;
  throw new InvalidOptionError(option, `must be a port from 1 to 65535, got ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'number' ? String(value) : value === null ? 'null' : typeof value;
}
