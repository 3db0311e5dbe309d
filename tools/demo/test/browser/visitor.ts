import type { Snapshot } from '../../src/contract.js';

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
    await this.#fetch(path, { method: 'POST', body: JSON.stringify(body) });
  }

  async #fetch(path: string, init?: RequestInit): Promise<Response> {
    const response = await fetch(`${this.#url}${path}`, init);
    if (response.ok) return response;
    throw new Error(`the desk has answered ${response.status}: ${await response.text()}`);
  }
}
