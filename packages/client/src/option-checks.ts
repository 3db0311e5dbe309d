import { InvalidOptionError } from './errors.js';

/** Returns the value as it is to be used, or throws {@link InvalidOptionError}. */
export type Check = (value: unknown, option: string) => unknown;

/** Node's timers run out at once beyond this. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const text: Check = (value, option) => {
  if (typeof value === 'string') return value;
  // The value itself may be a secret in the wrong place.
  throw new InvalidOptionError(option, `must be a string, got ${kindOf(value)}`);
};

/** A word that may stand in CLIENT LIST, without any of the `excluded` characters. */
export function token(excluded = ''): Check {
  return (value, option) => {
    const word = text(value, option) as string;
    if (/^[!-~]+$/.test(word) && ![...excluded].some((character) => word.includes(character))) return word;
    const and = excluded === '' ? '' : ` and ${excluded}`;
    throw new InvalidOptionError(option, `must be printable ASCII without spaces${and}, and not empty`);
  };
}

export function integer(least: number, most: number = Number.MAX_SAFE_INTEGER): Check {
  return (value, option) => {
    if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value;
    const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidOptionError(option, `must be an integer ${range}, got ${shown(value)}`);
  };
}

/** A number to stay below: a positive integer or `Infinity`. */
export const bound: Check = (value, option) => {
  if (value === Number.POSITIVE_INFINITY || (Number.isSafeInteger(value) && (value as number) > 0))
    return value;
  throw new InvalidOptionError(option, `must be a positive integer or Infinity, got ${shown(value)}`);
};

/** Milliseconds from 0 on; `Infinity` for what no timer can measure. */
export const duration: Check = (value, option) => {
  if (typeof value !== 'number' || !(value >= 0)) {
    throw new InvalidOptionError(
      option,
      `must be a number of milliseconds from 0 to Infinity, got ${shown(value)}`,
    );
  }
  return value > MAX_TIMER_MS ? Number.POSITIVE_INFINITY : value;
};

/** A duration for which 0 means none. */
export const deadline: Check = (value, option) => duration(value, option) || Number.POSITIVE_INFINITY;

export const flag: Check = (value, option) => {
  if (typeof value === 'boolean') return value;
  throw new InvalidOptionError(option, `must be true or false, got ${shown(value)}`);
};

export function oneOf(...allowed: readonly (string | number)[]): Check {
  return (value, option) => {
    if (allowed.includes(value as string)) return value;
    const choices = allowed.map((choice) => JSON.stringify(choice)).join(', ');
    throw new InvalidOptionError(option, `must be one of ${choices}, got ${shown(value)}`);
  };
}

export const callable: Check = (value, option) => {
  if (typeof value === 'function') return value;
  throw new InvalidOptionError(option, `must be a function or class, got ${kindOf(value)}`);
};

export const record: Check = (value, option) => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidOptionError(option, `must be an object, got ${kindOf(value)}`);
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : typeof value;
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : kindOf(value);
}
