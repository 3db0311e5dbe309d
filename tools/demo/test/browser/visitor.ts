import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Snapshot } from '../../src/contract.js';

const PATIENCE_MS = 60_000;

/** Somebody else at the desk: what happens on a page is not all that happens. */
export class Visitor {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async placeOrder(item: string): Promise<void> {
    await this.#post('/api/orders', { item, quantity: 1 });
  }

  async announce(topic: string, text: string): Promise<void> {
    await this.#post('/api/announcements', { topic, text });
  }

  async inflict(kind: string): Promise<void> {
    await this.#post(`/api/faults/${kind}`, {});
  }

  async snapshot(): Promise<Snapshot> {
    const response = await this.#fetch('/api/snapshot');
    return (await response.json()) as Snapshot;
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { 'idempotency-key': randomUUID() };
    await this.#fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** Asks again while the desk says that it cannot answer just now: while no web node is up, say. */
  async #fetch(path: string, init?: RequestInit): Promise<Response> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const response = await fetch(`${this.#url}${path}`, init);
      if (response.ok) return response;
      const text = await response.text();
      if (response.status !== 503 || performance.now() > deadline) {
        throw new Error(`the desk has answered ${response.status}: ${text}`);
      }
      await delay(100);
    }
  }
}
