/** Python refuses longer ones by default, too: reading them takes more than linear time. */
const MOST_DIGITS = 4_300;

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const WORD = /true|false|null|NaN|Infinity|-Infinity/y;
const SPACE = /[ \t\n\r]*/y;

const WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const PYTHON_WORDS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...WORDS,
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/** What is wrong with a text, and where. */
export class JsonProblem extends Error {
  override readonly name: string = 'JsonProblem';
}

interface Level {
  readonly holder: unknown[] | Record<string, unknown>;
  /** The name of the value that comes next, in an object. */
  key: string;
}

/**
 * `JSON.parse` that rounds no integer: for the few texts that may hold one it could round. With `python` those are `bigint`,
 * and Python's words for numbers are understood.
 *
 * @throws JsonProblem
 */
export function readJson(text: string, python: boolean): unknown {
  return new JsonReader(text, python).read();
}

class JsonReader {
  readonly #text: string;
  readonly #python: boolean;
  /** Arrays and objects that are not closed, the innermost last: a stack of our own cannot overflow. */
  readonly #levels: Level[] = [];
  #at = 0;

  constructor(text: string, python: boolean) {
    this.#text = text;
    this.#python = python;
  }

  read(): unknown {
    for (;;) {
      const opened = this.#open();
      if (opened !== undefined) {
        this.#levels.push(opened);
        if (!this.#closes(opened)) {
          this.#name(opened);
          continue;
        }
      }
      const value = opened === undefined ? this.#scalar() : this.#close();
      const done = this.#place(value);
      if (done !== undefined) return done.value;
    }
  }

  /** Puts a value in its place, and closes what ends behind it. Gives the whole when that was the last. */
  #place(value: unknown): { readonly value: unknown } | undefined {
    let placed = value;
    for (;;) {
      const level = this.#levels.at(-1);
      if (level === undefined) {
        this.#skipSpace();
        if (this.#at < this.#text.length) throw this.#unexpected();
        return { value: placed };
      }
      add(level, placed);
      if (this.#closes(level)) {
        placed = this.#close();
        continue;
      }
      this.#take(',');
      this.#name(level);
      return undefined;
    }
  }

  #open(): Level | undefined {
    this.#skipSpace();
    const first = this.#text[this.#at];
    if (first !== '[' && first !== '{') return undefined;
    this.#at++;
    return { holder: first === '[' ? [] : {}, key: '' };
  }

  #closes({ holder }: Level): boolean {
    this.#skipSpace();
    return this.#text[this.#at] === (Array.isArray(holder) ? ']' : '}');
  }

  #close(): unknown {
    this.#at++;
    return this.#levels.pop()?.holder;
  }

  /** Reads the name of the next value in an object. */
  #name(level: Level): void {
    if (Array.isArray(level.holder)) return;
    this.#skipSpace();
    if (this.#text[this.#at] !== '"') throw this.#unexpected();
    level.key = this.#string();
    this.#take(':');
  }

  #scalar(): unknown {
    if (this.#text[this.#at] === '"') return this.#string();
    const word = this.#match(WORD)?.[0];
    if (word !== undefined) {
      const words = this.#python ? PYTHON_WORDS : WORDS;
      if (words.has(word)) return words.get(word);
      throw new JsonProblem(`${word} is no JSON; json({ python: true }) reads it`);
    }
    const number = this.#match(NUMBER);
    if (number === undefined) throw this.#unexpected();
    return this.#number(number[0], number[1] === undefined && number[2] === undefined);
  }

  #number(digits: string, isInteger: boolean): number | bigint {
    const value = Number(digits);
    if (isInteger ? Number.isSafeInteger(value) : Number.isFinite(value)) return value;
    if (digits.length > MOST_DIGITS) throw new JsonProblem(`it has a number of ${digits.length} digits`);
    if (this.#python) return isInteger ? BigInt(digits) : value;
    throw new JsonProblem(
      isInteger
        ? 'it has an integer beyond 2^53, which would be rounded; json({ python: true }) reads it as bigint'
        : 'it has a number that is too large',
    );
  }

  #string(): string {
    const start = this.#at;
    let end = start;
    do {
      end = this.#text.indexOf('"', end + 1);
      if (end === -1) throw new JsonProblem('it ends inside of a string');
    } while (isEscaped(this.#text, end));
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(start, end + 1)) as string;
  }

  #take(wanted: string): void {
    this.#skipSpace();
    if (this.#text[this.#at] !== wanted) throw this.#unexpected();
    this.#at++;
  }

  #skipSpace(): void {
    this.#match(SPACE);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #unexpected(): JsonProblem {
    const what = this.#at < this.#text.length ? 'something is wrong' : 'it ends too early,';
    return new JsonProblem(`it is no JSON: ${what} at position ${this.#at}`);
  }
}

function add({ holder, key }: Level, value: unknown): void {
  if (Array.isArray(holder)) holder.push(value);
  else if (key === '__proto__') {
    Object.defineProperty(holder, key, { value, configurable: true, enumerable: true, writable: true });
  } else holder[key] = value;
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, at: number): boolean {
  let before = at - 1;
  while (text[before] === '\\') before--;
  return (at - before) % 2 === 0;
}
