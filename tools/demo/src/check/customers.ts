import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

const CUSTOMERS = 24;
/** The part of the orders that waits for the last fault, which else might come when all is done. */
const HELD_BACK = 0.15;
const ANSWER_WITHIN_MS = 8_000;
const RETRY_MS = 100;
const MENU = ['pancakes', 'ramen', 'pizza', 'falafel', 'goulash', 'risotto'];

export interface PlacedOrder {
  readonly id: string;
  readonly number: number;
  /** When it was first asked for, by `performance.now()`. */
  readonly askedAt: number;
  readonly answeredAt: number;
}

/** People who order over HTTP, one order after the other, and ask again under the same key when there is no good answer. */
export class Customers {
  readonly placed: PlacedOrder[] = [];
  /** How often somebody had to ask again. */
  retries = 0;
  readonly #url: string;
  readonly #signal: AbortSignal;
  readonly #orders: number;
  readonly #released: Promise<void>;
  #release: () => void = () => undefined;
  #next = 0;

  constructor(url: string, orders: number, signal: AbortSignal) {
    this.#url = url;
    this.#orders = orders;
    this.#signal = signal;
    this.#released = new Promise((resolve, reject) => {
      this.#release = resolve;
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.#released.catch(() => undefined);
  }

  /**
   * Resolves when all orders are placed, the last ones not before `release()`.
   *
   * @throws Error when an order is refused, or the signal's reason
   */
  async placeAll(): Promise<void> {
    await this.#placeUpTo(Math.floor(this.#orders * (1 - HELD_BACK)));
    await this.#released;
    await this.#placeUpTo(this.#orders);
  }

  /** Nothing is held back any more. */
  release(): void {
    this.#release();
  }

  async #placeUpTo(end: number): Promise<void> {
    await Promise.all(Array.from({ length: CUSTOMERS }, () => this.#placeMany(end)));
  }

  async #placeMany(end: number): Promise<void> {
    while (this.#next < end) {
      const n = this.#next++;
      const askedAt = performance.now();
      const order = { item: MENU[n % MENU.length], quantity: 1 + (n % 9) };
      const answer = await this.ask('/api/orders', order);
      const { id, number } = answer as { id: string; number: number };
      this.placed.push({ id, number, askedAt, answeredAt: performance.now() });
    }
  }

  async ask(path: string, body: object): Promise<unknown> {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify(body),
    };
    for (;;) {
      this.#signal.throwIfAborted();
      try {
        const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
        const response = await fetch(this.#url + path, { ...init, signal });
        if (response.ok) return await response.json();
        if (response.status < 500) throw new Refused(await response.text());
      } catch (error) {
        if (error instanceof Refused || this.#signal.aborted) throw error;
      }
      this.retries++;
      await delay(RETRY_MS);
    }
  }
}

class Refused extends Error {}
