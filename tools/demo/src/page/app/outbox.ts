import { randomId } from './random-id.js';

export interface OutboxOptions<Item> {
  /** Sends an item. The same key comes again when it is not known whether the item has arrived. */
  readonly post: (item: Item, idempotencyKey: string) => Promise<void>;
  /** Resolves when a failed item may be tried again. */
  readonly pause: () => Promise<void>;
  /** So many items have not been confirmed yet. */
  readonly onChange: (waiting: number) => void;
  /** The desk does not want this item, and it is not sent again. */
  readonly onRefused: (message: string) => void;
}

/** What `post` rejects with when another attempt would not help. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

interface Entry<Item> {
  readonly item: Item;
  readonly key: string;
}

/** Browsers open six connections to a host at most, and the events take one of them in each tab. */
const AT_ONCE = 3;

/** What is on its way to the desk, orders say: sent again until they are confirmed, and kept while the page is offline. */
export class Outbox<Item> {
  readonly #options: OutboxOptions<Item>;
  readonly #entries: Entry<Item>[] = [];
  #underWay = 0;
  #isOpen = true;

  constructor(options: OutboxOptions<Item>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#entries.length + this.#underWay;
  }

  place(item: Item): void {
    this.#entries.push({ item, key: randomId() });
    this.#proceed();
  }

  /** Sends nothing more for now. What is under way is tried to the end, once. */
  close(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    this.#proceed();
  }

  #proceed(): void {
    while (this.#isOpen && this.#underWay < AT_ONCE) {
      const entry = this.#entries.shift();
      if (entry === undefined) break;
      this.#underWay++;
      void this.#send(entry);
    }
    this.#options.onChange(this.waiting);
  }

  async #send(entry: Entry<Item>): Promise<void> {
    const { post, pause, onRefused } = this.#options;
    try {
      await post(entry.item, entry.key);
    } catch (error) {
      if (error instanceof Refused) {
        onRefused(error.message);
      } else {
        await pause();
        this.#entries.unshift(entry);
      }
    }
    this.#underWay--;
    this.#proceed();
  }
}
