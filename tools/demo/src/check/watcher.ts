import { setTimeout as delay } from 'node:timers/promises';
import type { Announcement, OrderEvent } from '../contract.js';
import { EventParser, type StreamEvent } from './event-parser.js';
import { Tally } from './tally.js';

const DEFAULT_RETRY_MS = 500;

/** A listener as a browser is one: it comes back with the id of its last event, whatever ends its stream. */
export class Watcher {
  readonly tally: Tally = new Tally();
  /** How often each announcement was heard, by text. */
  readonly announcements: Map<string, number> = new Map();
  /** How often it had to come back. */
  returns = 0;
  /** How often it was told that something may be missing. */
  resets = 0;
  /** Resolves when its first stream has begun. */
  readonly opened: Promise<void>;
  readonly #url: string;
  readonly #onFinished: (id: string) => void;
  readonly #stopping: AbortController = new AbortController();
  #isOpen: () => void = () => undefined;
  #offline: Promise<unknown> = Promise.resolve();
  #connection: AbortController = new AbortController();
  #lastEventId = '';
  #retryMs = DEFAULT_RETRY_MS;

  constructor(url: string, desk: string, onFinished: (id: string) => void = () => undefined) {
    this.#url = `${url}/events?desk=${desk}`;
    this.#onFinished = onFinished;
    this.opened = new Promise((resolve) => {
      this.#isOpen = resolve;
    });
    void this.#watch();
  }

  /** As when a notebook is closed: the connection is gone, and for a while there is no other. */
  goOffline(ms: number): void {
    this.#offline = delay(ms);
    this.#connection.abort();
  }

  stop(): void {
    this.#stopping.abort();
    this.#connection.abort();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      this.#connection = new AbortController();
      await this.#stream(this.#connection.signal).catch(() => undefined);
      if (signal.aborted) return;
      this.returns++;
      await delay(this.#retryMs);
      await this.#offline;
    }
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const headers = this.#lastEventId === '' ? {} : { 'last-event-id': this.#lastEventId };
    const { body, ok } = await fetch(this.#url, { headers, signal });
    if (!ok || body === null) throw new Error('no stream');
    const parser = new EventParser(this.#lastEventId);
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      for (const event of parser.feed(text)) this.#take(event);
      this.#lastEventId = parser.lastEventId;
      this.#retryMs = parser.retryMs ?? this.#retryMs;
      if (this.#lastEventId !== '') this.#isOpen();
    }
  }

  #take({ type, data }: StreamEvent): void {
    if (type === 'reset') this.resets++;
    if (type === 'announcement') {
      const { text, via } = JSON.parse(data) as Announcement;
      if (via === 'sync') this.announcements.set(text, (this.announcements.get(text) ?? 0) + 1);
    }
    if (type !== 'order') return;
    const event = JSON.parse(data) as OrderEvent;
    this.tally.see(event);
    if (event.status === 'finished') this.#onFinished(event.id);
  }
}
