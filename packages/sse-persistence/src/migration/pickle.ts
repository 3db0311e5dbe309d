import { PickleBytes } from './pickle-bytes.js';
import { malformed, PickleError } from './pickle-error.js';

/** An instance of one of the known classes: its name, and the attributes that were stored. */
export class PickledObject {
  readonly className: string;
  state: Readonly<Record<string, unknown>> = {};

  constructor(className: string) {
    this.className = className;
  }
}

/** A class that may be named. It is never more than its name. */
class PickledClass {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export interface PickleOptions {
  /** Classes that may stand in it, with their modules. */
  readonly classes: ReadonlySet<string>;
  /** @default 16_777_216 (16 MiB) */
  readonly maxBytes?: number | undefined;
  /** Values in it, those counted twice that stand in two places. @default 100_000 */
  readonly maxValues?: number | undefined;
}

const MOST_DEEP = 200;
/** What a machine may put on its stack and copy for each value of the result: names, marks, tuples that become something else. */
const WORK_A_VALUE = 4;
const MARK: unique symbol = Symbol('mark');

/**
 * Reads a pickle as data (protocols 2 to 5): None, booleans, numbers, strings, bytes, lists, tuples, dicts, and instances of the given
 * classes as {@link PickledObject}. Nothing is imported, called or run; whatever else there is, is refused.
 *
 * @throws PickleError (`MALFORMED`, `REFUSED`, `TOO_LARGE`), and nothing else
 */
export function decodePickle(
  bytes: Uint8Array,
  { classes, maxBytes = 16_777_216, maxValues = 100_000 }: PickleOptions,
): unknown {
  if (bytes.byteLength > maxBytes) {
    throw new PickleError('TOO_LARGE', `the pickle has ${bytes.byteLength} bytes, more than ${maxBytes}`);
  }
  const value = new PickleMachine(bytes, classes, maxValues).run();
  checkSize(value, maxValues);
  return value;
}

/** Runs the opcodes that stand for data. */
class PickleMachine {
  readonly #bytes: PickleBytes;
  readonly #classes: ReadonlySet<string>;
  readonly #stack: unknown[] = [];
  readonly #memo: Map<number, unknown> = new Map();
  readonly #maxValues: number;
  #work = 0;

  constructor(bytes: Uint8Array, classes: ReadonlySet<string>, maxValues: number) {
    this.#bytes = new PickleBytes(bytes);
    this.#classes = classes;
    this.#maxValues = maxValues;
  }

  run(): unknown {
    for (;;) {
      const opcode = this.#bytes.byte();
      if (opcode === 0x2e) break;
      this.#step(opcode);
    }
    const value = this.#pop();
    if (this.#stack.length > 0 || !this.#bytes.isAtEnd) throw malformed('it goes on behind its end');
    return value;
  }

  #step(opcode: number): void {
    const value = this.#value(opcode);
    if (value === undefined) this.#act(opcode);
    else {
      this.#spend(1);
      this.#stack.push(value);
    }
  }

  /** A byte can ask for a hundred bytes of memory, and three can copy a large dict again: the size alone is no limit. */
  #spend(work: number): void {
    this.#work += work;
    if (this.#work > WORK_A_VALUE * this.#maxValues) throw tooLarge(this.#maxValues);
  }

  /** What an opcode puts on the stack. `undefined`: it does something else. */
  #value(opcode: number): unknown {
    switch (opcode) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4b: // BININT1
        return this.#bytes.byte();
      case 0x4d: // BININT2
        return this.#bytes.unsigned(2);
      case 0x4a: // BININT
        return this.#bytes.int32();
      case 0x8a: // LONG1
        return this.#bytes.long(this.#bytes.byte());
      case 0x47: // BINFLOAT
        return this.#bytes.float64();
      case 0x8c: // SHORT_BINUNICODE
        return this.#bytes.text(this.#bytes.byte());
      case 0x58: // BINUNICODE
        return this.#bytes.text(this.#bytes.unsigned(4));
      case 0x8d: // BINUNICODE8
        return this.#bytes.text(this.#bytes.length());
      case 0x43: // SHORT_BINBYTES
        return this.#bytes.slice(this.#bytes.byte());
      case 0x42: // BINBYTES
        return this.#bytes.slice(this.#bytes.unsigned(4));
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return [];
      case 0x7d: // EMPTY_DICT
        return new Map();
      case 0x28: // MARK
        return MARK;
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#popMany(opcode - 0x84);
      case 0x74: // TUPLE
        return this.#popMark();
      case 0x68: // BINGET
        return this.#recall(this.#bytes.byte());
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#bytes.unsigned(4));
      case 0x93: // STACK_GLOBAL
        return this.#class(...(this.#popMany(2) as [unknown, unknown]));
      case 0x63: // GLOBAL
        return this.#class(this.#bytes.line(), this.#bytes.line());
      case 0x81: // NEWOBJ
        return this.#instance(...(this.#popMany(2) as [unknown, unknown]));
      default:
        return undefined;
    }
  }

  #act(opcode: number): void {
    switch (opcode) {
      case 0x80: // PROTO
        this.#protocol(this.#bytes.byte());
        break;
      case 0x95: // FRAME
        this.#bytes.length();
        break;
      case 0x61: // APPEND
        this.#append([this.#pop()]);
        break;
      case 0x65: // APPENDS
        this.#append(this.#popMark());
        break;
      case 0x73: // SETITEM
        this.#setItems(this.#popMany(2));
        break;
      case 0x75: // SETITEMS
        this.#setItems(this.#popMark());
        break;
      case 0x94: // MEMOIZE
        this.#remember(this.#memo.size);
        break;
      case 0x71: // BINPUT
        this.#remember(this.#bytes.byte());
        break;
      case 0x72: // LONG_BINPUT
        this.#remember(this.#bytes.unsigned(4));
        break;
      case 0x62: // BUILD
        this.#build(this.#pop());
        break;
      default: {
        const shown = `0x${opcode.toString(16).padStart(2, '0')}`;
        throw new PickleError(
          'REFUSED',
          `the pickle has opcode ${shown} at ${this.#bytes.at - 1}, which is not read as data`,
        );
      }
    }
  }

  #protocol(version: number): void {
    if (version < 2 || version > 5)
      throw new PickleError('REFUSED', `the pickle has protocol ${version}, not 2 to 5`);
  }

  #class(module: unknown, name: unknown): PickledClass {
    // Nothing else is made a text: that of nested lists can be longer than all memory.
    if (typeof module !== 'string' || typeof name !== 'string')
      throw malformed('it names a class by no text');
    const full = `${module}.${name}`;
    if (!this.#classes.has(full)) {
      throw new PickleError(
        'REFUSED',
        `the pickle names ${JSON.stringify(full.slice(0, 80))}, which is not on the list`,
      );
    }
    return new PickledClass(full);
  }

  #instance(type: unknown, args: unknown): PickledObject {
    if (!(type instanceof PickledClass)) throw malformed('it makes an instance of no class');
    if (!Array.isArray(args) || args.length > 0) {
      throw new PickleError('REFUSED', `the pickle calls ${type.name} with arguments`);
    }
    return new PickledObject(type.name);
  }

  #build(state: unknown): void {
    const target = this.#stack.at(-1);
    if (!(target instanceof PickledObject) || !(state instanceof Map)) {
      throw new PickleError('REFUSED', 'the pickle sets the state of something that has none');
    }
    this.#spend(state.size);
    target.state = objectOf(state);
  }

  #append(values: readonly unknown[]): void {
    const list = this.#stack.at(-1);
    if (!Array.isArray(list)) throw malformed('it appends to no list');
    for (const value of values) list.push(value);
  }

  #setItems(flat: readonly unknown[]): void {
    const dict = this.#stack.at(-1);
    if (!(dict instanceof Map) || flat.length % 2 !== 0) throw malformed('it sets items of no dict');
    for (let i = 0; i < flat.length; i += 2) {
      const key = flat[i];
      if (typeof key !== 'string' && typeof key !== 'number') {
        throw new PickleError(
          'REFUSED',
          'the pickle has a dict with keys that are neither strings nor numbers',
        );
      }
      dict.set(String(key), flat[i + 1]);
    }
  }

  #remember(at: number): void {
    if (this.#stack.length === 0) throw malformed('it remembers what is not there');
    this.#memo.set(at, this.#stack.at(-1));
  }

  #recall(at: number): unknown {
    if (!this.#memo.has(at)) throw malformed('it recalls what it has not remembered');
    return this.#memo.get(at);
  }

  #pop(): unknown {
    const value = this.#stack.pop();
    if (value === undefined || value === MARK) throw malformed('it takes what is not there');
    return value;
  }

  #popMany(count: number): unknown[] {
    const values = Array.from({ length: count }, () => this.#pop());
    return values.reverse();
  }

  #popMark(): unknown[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw malformed('it takes what is not there');
    const values = this.#stack.splice(at);
    return values.slice(1);
  }
}

/** Dicts become objects, here and below; what is too much, or goes in circles, is refused. */
function checkSize(root: unknown, maxValues: number): void {
  let left = maxValues;
  const visit = (value: unknown, depth: number): void => {
    if (--left < 0 || depth > MOST_DEEP) throw tooLarge(maxValues);
    if (value instanceof PickledClass)
      throw new PickleError('REFUSED', `the pickle has ${value.name} as a value`);
    if (value instanceof PickledObject) for (const part of Object.values(value.state)) visit(part, depth + 1);
    else if (value instanceof Map || Array.isArray(value))
      for (const part of value.values()) visit(part, depth + 1);
  };
  visit(root, 0);
}

function tooLarge(maxValues: number): PickleError {
  return new PickleError('TOO_LARGE', `the pickle has more than ${maxValues} values, or is too deep`);
}

/** Own properties only, whatever their names. */
function objectOf(dict: ReadonlyMap<string, unknown>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(dict);
}
