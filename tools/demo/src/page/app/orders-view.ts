import type { OrderEvent } from '../../contract.js';
import { byId, element, setText } from './element.js';
import { type OrderBook, STEPS, stepOf } from './order-book.js';
import { timeText } from './time-text.js';

/** Rows in the document. */
const ROWS = 24;

interface Row {
  readonly root: HTMLLIElement;
  update(order: OrderEvent): void;
}

/** The list of orders, newest first, each with its progress. */
export class OrdersView {
  readonly #list = byId('orders', HTMLOListElement);
  readonly #note = byId('orders-note', HTMLParagraphElement);
  readonly #rows: Map<string, Row> = new Map();

  render(book: OrderBook): void {
    const orders = book.newest(ROWS);
    const shown = new Set(orders.map(({ id }) => id));
    for (const [id, { root }] of this.#rows) {
      if (shown.has(id)) continue;
      root.remove();
      this.#rows.delete(id);
    }
    for (const [index, order] of orders.entries()) {
      const row = this.#rowOf(order);
      row.update(order);
      // Only what is in the wrong place is moved: a row that is put back loses its transition.
      const there = this.#list.children[index];
      if (there !== row.root) this.#list.insertBefore(row.root, there ?? null);
    }
    setText(this.#note, noteOf(book.size));
  }

  #rowOf(order: OrderEvent): Row {
    const known = this.#rows.get(order.id);
    if (known !== undefined) return known;
    const made = newRow(order);
    this.#rows.set(order.id, made);
    return made;
  }
}

function noteOf(known: number): string {
  if (known === 0) return 'No orders yet. Place one.';
  return `${known} ${known === 1 ? 'order' : 'orders'} known to this page, the newest first.`;
}

function newRow({ number, item, quantity }: OrderEvent): Row {
  const status = element('span', { class: 'order-status' });
  const meta = element('span', { class: 'order-meta' });
  const steps = STEPS.map((step) => element('span', { class: 'step', title: step }));
  const progress = element(
    'div',
    {
      class: 'steps',
      attributes: {
        role: 'progressbar',
        'aria-label': `Progress of order ${number}`,
        'aria-valuemin': '1',
        'aria-valuemax': `${STEPS.length}`,
      },
    },
    ...steps,
  );
  const root = element(
    'li',
    { class: 'order' },
    element('span', { class: 'order-number' }, `#${number}`),
    element('span', { class: 'order-item' }, `${quantity} × ${item}`),
    status,
    progress,
    meta,
  );
  return {
    root,
    update(order) {
      if (root.getAttribute('data-status') === order.status) return;
      const done = stepOf(order) + 1;
      root.setAttribute('data-status', order.status);
      setText(status, order.status);
      setText(meta, metaOf(order));
      progress.setAttribute('aria-valuenow', `${done}`);
      progress.setAttribute('aria-valuetext', `${order.status}, step ${done} of ${STEPS.length}`);
      for (const [index, step] of steps.entries()) step.classList.toggle('done', index < done);
    },
  };
}

function metaOf({ worker, node, at }: OrderEvent): string {
  return [worker, node, timeText(at)].filter((part) => part !== undefined).join(' · ');
}
