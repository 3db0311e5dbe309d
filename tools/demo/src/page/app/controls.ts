import { api, type NewAnnouncement, type NewOrder } from './api.js';
import { byId, setText } from './element.js';
import type { LiveStream } from './live-stream.js';
import type { Outbox } from './outbox.js';

interface Controlled {
  readonly stream: LiveStream;
  readonly orders: Outbox<NewOrder>;
  readonly sayings: Outbox<NewAnnouncement>;
  /** Writes into the log. */
  readonly tell: (text: string) => void;
}

const MANY = 20;

/** Makes forms and buttons do what they say. */
export function connectControls(controlled: Controlled): void {
  connectOrders(controlled);
  connectAnnouncements(controlled);
  connectFaults(controlled);
  connectSwitch(controlled);
}

function connectOrders({ orders }: Controlled): void {
  const item = byId('item', HTMLSelectElement);
  const quantity = byId('quantity', HTMLInputElement);
  byId('order-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    orders.place({ item: item.value, quantity: quantity.valueAsNumber });
  });
  byId('place-many', HTMLButtonElement).addEventListener('click', () => {
    const items = Array.from(item.options, ({ value }) => value);
    for (let i = 0; i < MANY; i++) {
      orders.place({ item: items[i % items.length] ?? item.value, quantity: 1 + (i % 4) });
    }
  });
}

function connectAnnouncements({ sayings }: Controlled): void {
  const topic = byId('topic', HTMLSelectElement);
  const text = byId('announcement', HTMLInputElement);
  byId('announcement-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    sayings.place({ topic: topic.value, text: text.value });
    text.value = '';
  });
}

function connectFaults({ tell }: Controlled): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-fault]')) {
    const { fault = '' } = button.dataset;
    button.addEventListener('click', () => {
      button.disabled = true;
      api
        .causeFault(fault)
        // What has happened comes as an event. A node that is killed may not live to answer.
        .catch((error: Error) => tell(`${button.textContent.trim()}: ${error.message}`))
        .finally(() => {
          button.disabled = false;
          button.focus();
        });
    });
  }
}

function connectSwitch({ stream, orders, sayings }: Controlled): void {
  const button = byId('offline', HTMLButtonElement);
  button.addEventListener('click', () => {
    const isOffline = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', `${isOffline}`);
    setText(button, isOffline ? 'Go online' : 'Go offline');
    if (isOffline) {
      orders.close();
      sayings.close();
      stream.close();
    } else {
      stream.open();
      orders.open();
      sayings.open();
    }
  });
}
