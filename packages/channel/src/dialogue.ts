import type { ChannelParts } from './channel-parts.js';
import type { Header } from './envelope.js';
import { Requester, type RequestOptions } from './requester.js';
import { type Answer, sendReply } from './send-reply.js';
import { needsEnvelope } from './sender.js';
import { type Handler, Handling, type ServeOptions, type Serving } from './serving.js';

/** Requests of one end of a channel, and what handles those of the other. */
export class Dialogue<Incoming, Outgoing> {
  readonly #parts: ChannelParts<Incoming, Outgoing, boolean>;
  readonly #servings: Set<Serving> = new Set();
  #requester: Requester<Incoming> | undefined;

  constructor(parts: ChannelParts<Incoming, Outgoing, boolean>) {
    this.#parts = parts;
  }

  request(data: Outgoing, options: RequestOptions): Promise<Incoming> {
    this.#checkEnvelope('request');
    const { driver, channel, recvListName, codec, opener, counters, sender } = this.#parts;
    const place = { driver, channel, list: recvListName, replies: codec.replies };
    this.#requester ??= new Requester(place, opener, counters);
    return this.#requester.request((header, signal) => sender.send(data, { signal }, header), options);
  }

  serve(handler: Handler<Incoming, Outgoing>, options: ServeOptions): Serving {
    this.#checkEnvelope('serve');
    const { receiver, consumer, settings } = this.#parts;
    const parts = {
      receiver,
      settler: settings.reliable ? consumer : undefined,
      reply: (request: Header, answer: Answer<Outgoing>) => sendReply(this.#parts, request, answer),
    };
    const serving = new Handling(parts, handler, options);
    this.#servings.add(serving);
    void serving.ended.then(() => this.#servings.delete(serving));
    return serving;
  }

  get serves(): boolean {
    return this.#servings.size > 0;
  }

  async stopServing(): Promise<void> {
    await Promise.all(Array.from(this.#servings, (serving) => serving.stop()));
  }

  /** Turns away who waits for a reply. */
  async close(): Promise<void> {
    await this.#requester?.close();
  }

  #checkEnvelope(what: string): void {
    if (!this.#parts.settings.envelope) throw needsEnvelope(what);
  }
}
