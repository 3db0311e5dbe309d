import type { DriverSource } from '@redlane/client';
import { Message, type NodeRequest, type NodeResponse, SSEChannel } from '@redlane/sse-persistence';
import type { Announcement, FaultReport, OrderEvent, Panel, Totals } from '../contract.js';
import { isPassing, persevere } from '../persevere.js';

/** Events that are kept for those who come back. */
const KEPT = 20_000;

/** The stream of events to browsers. What both nodes have to say is said once: each message has a key. */
export class Events implements AsyncDisposable {
  readonly #channel: SSEChannel;
  readonly #own: Map<string, number> = new Map();

  constructor(source: DriverSource, channelId: string) {
    this.#channel = new SSEChannel({
      channelId,
      driver: source,
      repository: { log: { history: { size: KEPT } } },
      sessions: { retryMs: 500, refusalRetryMs: 1_000 },
    });
  }

  /** Listeners of streams that end in this process. */
  get listeners(): string[] {
    return [...this.#own.keys()];
  }

  get sessions(): number {
    return this.#channel.stats().sessions.open;
  }

  presence(): Promise<string[]> {
    return this.#channel.presence();
  }

  async order(event: OrderEvent, signal: AbortSignal): Promise<void> {
    await this.#broadcast('order', event, `${event.id}:${event.status}`, signal);
  }

  async announcement(event: Announcement, id: string, signal: AbortSignal): Promise<void> {
    await this.#broadcast('announcement', event, `${id}:${event.via}`, signal);
  }

  async fault(event: FaultReport, signal: AbortSignal): Promise<void> {
    await this.#broadcast('fault', event, `fault:${event.kind}:${event.at}`, signal);
  }

  /** Figures as this node sees them, for those who are connected to it. The next ones make up for lost ones. */
  async figures(type: 'totals' | 'panel', figures: Totals | Panel): Promise<void> {
    const message = new Message(type, figures);
    const sent = this.listeners.map((listener) => this.#channel.dispatch(listener, message));
    for (const outcome of await Promise.allSettled(sent)) {
      if (outcome.status === 'fulfilled' || isPassing(outcome.reason)) continue;
      // Its stream is just being opened: it will hear the next.
      if ((outcome.reason as { code?: unknown }).code !== 'INVALID_LISTENER') throw outcome.reason;
    }
  }

  /** Serves a stream to its end. */
  async serve(req: NodeRequest, res: NodeResponse, listener: string): Promise<void> {
    this.#own.set(listener, (this.#own.get(listener) ?? 0) + 1);
    try {
      await this.#channel.pipe(req, res, { listener });
    } finally {
      const left = (this.#own.get(listener) ?? 1) - 1;
      if (left === 0) this.#own.delete(listener);
      else this.#own.set(listener, left);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#channel.close();
  }

  async #broadcast(type: string, data: object, idempotencyKey: string, signal: AbortSignal): Promise<void> {
    const message = new Message(type, data);
    await persevere(() => this.#channel.broadcast(message, { idempotencyKey }), signal);
  }
}
