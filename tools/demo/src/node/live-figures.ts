import { setTimeout as delay } from 'node:timers/promises';
import type { RedisClient } from '@redlane/client';
import { isPassing } from '../persevere.js';
import type { Board } from './board.js';
import type { Events } from './events.js';

const TOTALS_EVERY_MS = 250;
const PANEL_EVERY_MS = 1_000;

/** Sends figures to those who are connected to this node: totals when Redis says that they have changed, the panel each second. */
export class LiveFigures implements AsyncDisposable {
  readonly #board: Board;
  readonly #events: Events;
  readonly #pushes: Disposable;
  readonly #ending: AbortController = new AbortController();
  readonly #loops: Promise<unknown>;
  #totalsChanged = true;
  /** Totals that were sent, and to whom. */
  #sent = '';

  constructor(client: RedisClient, board: Board, events: Events, totalsKey: string) {
    this.#board = board;
    this.#events = events;
    this.#pushes = client.registerPushCallback('invalidate', ({ data: [keys] }) => {
      // `null`: the server has forgotten which keys we have, so that all may have changed.
      if (!Array.isArray(keys) || keys.includes(totalsKey)) this.#totalsChanged = true;
    });
    this.#loops = Promise.all([
      this.#every(TOTALS_EVERY_MS, () => this.#sendTotals()),
      this.#every(PANEL_EVERY_MS, () => this.#sendPanel()),
    ]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#pushes[Symbol.dispose]();
    this.#ending.abort();
    await this.#loops;
  }

  async #sendTotals(): Promise<void> {
    const { listeners } = this.#events;
    if (!this.#totalsChanged || listeners.length === 0) return;
    this.#totalsChanged = false;
    try {
      const totals = await this.#board.totals();
      const sent = JSON.stringify([totals, listeners]);
      if (sent !== this.#sent) await this.#events.figures('totals', totals);
      this.#sent = sent;
    } catch (error) {
      this.#totalsChanged = true;
      throw error;
    }
  }

  async #sendPanel(): Promise<void> {
    if (this.#events.listeners.length === 0) return;
    // Orders that get lost change by the passing of time only, of which no push tells.
    this.#totalsChanged = true;
    await this.#events.figures('panel', await this.#board.panel());
  }

  async #every(ms: number, send: () => Promise<void>): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await send();
      } catch (error) {
        // While Redis is away there is nothing to show.
        if (!isPassing(error)) throw error;
      }
      await delay(ms, undefined, { signal }).catch(() => undefined);
    }
  }
}
