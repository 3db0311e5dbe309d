import { addressText, type ServerAddress } from './server-address.js';

/** Sentinels that are known only from others: more than anybody runs. */
const MAX_DISCOVERED = 16;

/** The sentinels that can be asked: the configured ones, always, and a bounded number of others that those know. */
export class SentinelList {
  readonly #configured: ReadonlySet<string>;
  /** The first is asked first. */
  #order: ServerAddress[];

  constructor(configured: readonly ServerAddress[]) {
    this.#configured = new Set(configured.map(addressText));
    this.#order = [...configured];
  }

  get size(): number {
    return this.#order.length;
  }

  /** The first of those whose addresses are not in `asked`. */
  next(asked: ReadonlySet<string>): ServerAddress | undefined {
    return this.#order.find((each) => !asked.has(addressText(each)));
  }

  /** It led to the server: from now on it is asked first. */
  prefer(sentinel: ServerAddress): void {
    this.#order = [sentinel, ...this.#without(sentinel)];
  }

  /** It did not: from now on it is asked last, or is forgotten when it was only discovered. */
  postpone(sentinel: ServerAddress): void {
    const others = this.#without(sentinel);
    this.#order = this.#configured.has(addressText(sentinel)) ? [...others, sentinel] : others;
  }

  /** Others that a sentinel knows. They are asked after those that are there. */
  discover(others: readonly ServerAddress[]): void {
    const known = new Set(this.#order.map(addressText));
    for (const other of others) {
      if (known.size >= this.#configured.size + MAX_DISCOVERED) return;
      const text = addressText(other);
      if (known.has(text)) continue;
      known.add(text);
      this.#order.push(other);
    }
  }

  #without(sentinel: ServerAddress): ServerAddress[] {
    const text = addressText(sentinel);
    return this.#order.filter((each) => addressText(each) !== text);
  }
}
