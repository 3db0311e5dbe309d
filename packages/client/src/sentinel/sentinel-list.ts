import { addressText, type ServerAddress } from './server-address.js';

/** Sentinels that are known only from others: more than anybody runs. */
const MAX_DISCOVERED = 16;

/** The sentinels that can be asked: the configured ones, always, and a bounded number of others that those know. */
export class SentinelList {
  readonly #configured: ReadonlySet<string>;
  /** The first is asked first: the one that led to the server last. */
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

  /** It led to nothing: from now on it is asked last, or is forgotten when it was only discovered. */
  postpone(sentinel: ServerAddress): void {
    const text = addressText(sentinel);
    this.#order = this.#order.filter((each) => addressText(each) !== text);
    if (this.#configured.has(text)) this.#order.push(sentinel);
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
}
