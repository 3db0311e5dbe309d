import type { Announcement, FaultReport, Snapshot, Totals } from '../../contract.js';
import { api } from './api.js';
import { Arrivals } from './arrivals.js';
import { connectControls } from './controls.js';
import { byId, setText } from './element.js';
import { FeedView } from './feed-view.js';
import { type DeskEvent, LiveStream, type StreamState } from './live-stream.js';
import { OrderBook } from './order-book.js';
import { OrdersView } from './orders-view.js';
import { Outbox } from './outbox.js';
import { PanelView } from './panel-view.js';
import { TotalsView } from './totals-view.js';

const RETRY_MS = 800;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, RETRY_MS));

const STATES: Readonly<Record<StreamState, string>> = {
  connecting: 'Connecting',
  live: 'Live',
  lost: 'Connection lost, reconnecting',
  offline: 'Offline',
};

const book = new OrderBook();
const arrivals = new Arrivals();
const announced = new Arrivals();
let totals: Totals = { placed: 0, finished: 0, lost: 0, duplicated: 0 };

const ordersView = new OrdersView();
const totalsView = new TotalsView();
const panelView = new PanelView();
const announcementsView = new FeedView('announcements', 8);
const faultsView = new FeedView('faults', 10);
const state = byId('state', HTMLElement);
const pending = byId('pending', HTMLElement);

/** Many events may come between two frames. */
let hasFrame = false;
function renderSoon(): void {
  if (hasFrame) return;
  hasFrame = true;
  requestAnimationFrame(() => {
    hasFrame = false;
    ordersView.render(book);
    totalsView.render(totals, arrivals);
  });
}

function tell(text: string): void {
  faultsView.add({ at: Date.now(), label: 'page', text });
}

/** An announcement may be in a snapshot and an event. */
function showAnnouncement({ topic, text, at, via }: Announcement): void {
  if (!announced.note(JSON.stringify([topic, text, at, via]))) return;
  announcementsView.add({ at, label: via, text: `${topic}: ${text}` });
}

function showFault({ kind, at, text }: FaultReport): void {
  faultsView.add({ at, label: kind, text });
}

function take(event: DeskEvent): void {
  switch (event.name) {
    case 'order':
      book.apply(event.data);
      break;
    case 'totals':
      totals = event.data;
      break;
    case 'panel':
      panelView.render(event.data);
      break;
    case 'announcement':
      showAnnouncement(event.data);
      break;
    case 'fault':
      showFault(event.data);
      break;
  }
}

/** Everything that came before the events, again until it is there. */
let attempt = 0;
async function catchUp(): Promise<void> {
  const mine = ++attempt;
  for (;;) {
    const before = totals;
    const snapshot = await api.snapshot().catch(() => undefined);
    if (mine !== attempt) return;
    if (snapshot !== undefined) return show(snapshot, totals === before);
    await pause();
  }
}

function show({ orders, panel, announcements, ...snapshot }: Snapshot, hasNewTotals: boolean): void {
  for (const order of orders) book.apply(order);
  for (const announcement of announcements) showAnnouncement(announcement);
  panelView.render(panel);
  // Events that have come meanwhile know better.
  if (hasNewTotals) totals = snapshot.totals;
  renderSoon();
}

const stream = new LiveStream({
  onEvent(event, id) {
    if (arrivals.note(id)) take(event);
    renderSoon();
  },
  onGap(why) {
    if (why === 'reset') tell('Some events are not kept any more: asking for the whole state.');
    void catchUp();
  },
  onState(now) {
    state.setAttribute('data-state', now);
    setText(state, STATES[now]);
    if (now === 'lost') tell('Connection lost; the browser tries again.');
    else if (now === 'live') tell('Connected.');
    else if (now === 'offline') tell('Offline: orders wait on this page.');
  },
});

const orders = new Outbox({
  post: api.placeOrder,
  pause,
  onChange: (waiting) => setText(pending, waiting === 0 ? '' : `${waiting} on their way to the desk`),
  onRefused: (message) => tell(`The desk refuses an order: ${message}`),
});

const sayings = new Outbox({
  post: api.announce,
  pause,
  onChange: () => undefined,
  onRefused: (message) => tell(`The desk refuses an announcement: ${message}`),
});

connectControls({ stream, orders, sayings, tell });
renderSoon();
stream.open();
