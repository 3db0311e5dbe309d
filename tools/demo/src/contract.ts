/** What the back end and the page say to each other: bodies of HTTP answers, and the data of server-sent events. */

/** The steps of an order, in the order in which it takes them. */
export type OrderStatus = 'placed' | 'confirmed' | 'cooking' | 'packed' | 'finished';

/** Event `order`: one step of one order. */
export interface OrderEvent {
  id: string;
  number: number;
  item: string;
  quantity: number;
  status: OrderStatus;
  /** Milliseconds since 1970. */
  at: number;
  /** The worker that took the step. */
  worker?: string;
  /** The web node that wrote it down. */
  node?: string;
}

/** Event `totals`. */
export interface Totals {
  placed: number;
  finished: number;
  lost: number;
  duplicated: number;
}

/** Event `announcement`. */
export interface Announcement {
  topic: string;
  text: string;
  /** Milliseconds since 1970. */
  at: number;
  /** The kind of listener that heard it: `sync` those of the topic `kitchen`, `async` of `counter`, `pattern` of all topics. */
  via: 'sync' | 'async' | 'pattern';
}

/** Event `panel`: what Redis and the processes look like from one web node. */
export interface Panel {
  node: string;
  channels: { name: string; depth: number; inProcess: number; deadLetters: number }[];
  sessions: number;
  presence: string[];
  cache: { hits: number; misses: number; invalidations: number };
  /** Push messages that the node's client has seen, by their kind. */
  pushes: Record<string, number>;
  redis: { version: string; memory: string; clients: number };
  workers: { id: string; pid: number; state: 'up' | 'restarting' }[];
  nodes: { id: string; state: 'up' | 'restarting' }[];
}

/** Event `fault`, and the answer to `POST /api/faults/<kind>`. */
export interface FaultReport {
  kind: string;
  /** Milliseconds since 1970. */
  at: number;
  text: string;
}

/** `GET /api/snapshot`: all that was before. Asked for when a stream is open, it leaves no gap between the two. */
export interface Snapshot {
  /** The latest 200 orders, oldest first. */
  orders: OrderEvent[];
  totals: Totals;
  panel: Panel;
  announcements: Announcement[];
}
