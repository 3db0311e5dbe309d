import { EncodeError } from './codec-errors.js';

/** From here on `String(number)` has an exponent, by which readers know that it is no integer. */
const EXPONENT_FROM = 1e21;

/**
 * Whether `JSON.stringify` says all there is to say. False also when that takes a closer look, and for what is nested so
 * deeply, or in a circle, that looking is not possible this way.
 */
export function isFaithful(value: unknown): boolean {
  try {
    return isPlain(value);
  } catch {
    return false;
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  if (typeof value === 'number') return isPlainNumber(value);
  if (typeof value !== 'object') return false;
  if (Array.isArray(value)) {
    // By index, since holes are no elements for `every`.
    for (let index = 0; index < value.length; index++) if (!isPlain(value[index])) return false;
    return !('toJSON' in value);
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (item !== undefined && !isPlain(item)) return false;
  }
  return true;
}

function isPlainNumber(value: number): boolean {
  if (!Number.isInteger(value)) return Number.isFinite(value);
  return Number.isSafeInteger(value) ? !Object.is(value, -0) : Math.abs(value) >= EXPONENT_FROM;
}

/**
 * The JSON text of any value that has one.
 *
 * @throws EncodeError naming the place and what is wrong there
 */
export function writeJson(value: unknown, python: boolean): string {
  try {
    return new JsonWriter(python).write(value, '', '$');
  } catch (error) {
    if (error instanceof RangeError) throw new EncodeError('it is nested too deeply', { cause: error });
    throw error;
  }
}

class JsonWriter {
  readonly #python: boolean;
  /** The objects that are being written, one in the other. */
  readonly #around: Set<object> = new Set();

  constructor(python: boolean) {
    this.#python = python;
  }

  /** `key` is the value's name in its parent, `path` its place for messages. */
  write(value: unknown, key: string, path: string): string {
    return this.#plain(unboxed(value, key), path);
  }

  #plain(plain: unknown, path: string): string {
    switch (typeof plain) {
      case 'string':
      case 'boolean':
        return JSON.stringify(plain);
      case 'number':
        return this.#number(plain, path);
      case 'bigint':
        if (this.#python) return String(plain);
        throw new EncodeError(`the bigint at ${path} needs json({ python: true }), or a string`);
      case 'object':
        return plain === null ? 'null' : this.#nested(plain, path);
      default:
        throw new EncodeError(`${typeof plain} at ${path} has no form in JSON`);
    }
  }

  #number(value: number, path: string): string {
    if (isPlainNumber(value)) return String(value);
    // JSON.stringify loses the sign, and Python that of an integer.
    if (value === 0) return '-0.0';
    // With an exponent: without one it would be read as an exact integer.
    if (Number.isFinite(value)) return value.toExponential();
    if (this.#python) return String(value);
    throw new EncodeError(`${value} at ${path} needs json({ python: true }), or null`);
  }

  #nested(value: object, path: string): string {
    const lossy = lossyKind(value);
    if (lossy !== undefined)
      throw new EncodeError(`${lossy} at ${path} would be read as {}: convert it first`);
    if (this.#around.has(value)) throw new EncodeError(`the value at ${path} contains itself`);
    this.#around.add(value);
    const written = Array.isArray(value) ? this.#array(value, path) : this.#object(value, path);
    this.#around.delete(value);
    return written;
  }

  #array(items: readonly unknown[], path: string): string {
    const written = Array.from(items, (item, index) => this.write(item, String(index), `${path}[${index}]`));
    return `[${written.join(',')}]`;
  }

  #object(value: object, path: string): string {
    const written: string[] = [];
    for (const [key, item] of Object.entries(value)) {
      const name = JSON.stringify(key);
      const plain: unknown = unboxed(item, key);
      if (plain !== undefined) written.push(`${name}:${this.#plain(plain, `${path}[${name}]`)}`);
    }
    return `{${written.join(',')}}`;
  }
}

/** The value by its own `toJSON`, and what a boxed primitive holds. */
function unboxed(value: unknown, key: string): unknown {
  let plain = value;
  if (typeof plain === 'object' && plain !== null) {
    const { toJSON } = plain as { toJSON?: unknown };
    if (typeof toJSON === 'function') plain = toJSON.call(plain, key) as unknown;
  }
  if (plain instanceof Number || plain instanceof String || plain instanceof Boolean) return plain.valueOf();
  return plain;
}

/** What `JSON.stringify` writes as `{}`, or as an object with an entry for every byte. */
function lossyKind(value: object): string | undefined {
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return 'binary data';
  for (const kind of [Map, Set, WeakMap, WeakSet, Promise, RegExp])
    if (value instanceof kind) return `a ${kind.name}`;
  return undefined;
}
