import type { OrderEvent, OrderStatus } from '../../contract.js';

/** The steps of an order, in their order. */
export const STEPS: readonly OrderStatus[] = ['placed', 'confirmed', 'cooking', 'packed', 'finished'];

/** How many orders the page remembers. */
const KEPT = 2_000;

/** The orders that the page knows, each with the furthest step that it has heard of. */
export class OrderBook {
  readonly #orders: Map<string, OrderEvent> = new Map();

  get size(): number {
    return this.#orders.size;
  }

  /** Takes a step to the books. A step that was taken before changes nothing, so events may come twice, or late. */
  apply(event: OrderEvent): boolean {
    const known = this.#orders.get(event.id);
    if (known !== undefined && stepOf(event) <= stepOf(known)) return false;
    this.#orders.set(event.id, event);
    if (this.#orders.size > KEPT) this.#forgetOldest();
    return true;
  }

  newest(count: number): OrderEvent[] {
    return this.#sorted().slice(0, count);
  }

  #sorted(): OrderEvent[] {
    return [...this.#orders.values()].sort((one, other) => other.number - one.number);
  }

  /** Some more than necessary, since it has to sort them. */
  #forgetOldest(): void {
    for (const { id } of this.#sorted().slice(KEPT * 0.9)) this.#orders.delete(id);
  }
}

/** 0 is `placed`. */
export function stepOf({ status }: Pick<OrderEvent, 'status'>): number {
  return STEPS.indexOf(status);
}
