import { InFlight } from './in-flight.js';

interface Held {
  readonly giveBack: () => Promise<void>;
  /** Ends it when giving it back takes too long. */
  readonly force: (() => void) | undefined;
}

/** What has been taken from a driver and not been given back: calls that have not settled, leases, subscriptions. */
export class Holdings {
  readonly calls: InFlight = new InFlight();
  readonly #held: Set<Held> = new Set();

  /** Returns what gives it back, also before the end. */
  hold(giveBack: () => Promise<void>, force?: () => void): () => Promise<void> {
    const held: Held = {
      giveBack: async () => {
        try {
          await giveBack();
        } finally {
          this.#held.delete(held);
        }
      },
      force,
    };
    this.#held.add(held);
    return held.giveBack;
  }

  /** Gives everything back, and waits for calls to end; by force what takes longer than so many ms. */
  async end(limitMs: number): Promise<void> {
    const ended = Promise.allSettled([
      ...Array.from(this.#held, ({ giveBack }) => giveBack()),
      this.calls.settled(),
    ]);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, limitMs);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
    for (const { force } of this.#held) force?.();
  }
}
