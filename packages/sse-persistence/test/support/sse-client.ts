import { once } from 'node:events';
import { type ClientRequest, get, type IncomingMessage, type RequestOptions } from 'node:http';
import { EventReader, type ReceivedEvent } from './event-reader.js';

/** One response, read as it comes. */
export class SseClient implements Disposable {
  readonly reader: EventReader;
  readonly response: IncomingMessage;
  /** When it is over: whether all of it has come. */
  readonly over: Promise<boolean>;
  readonly #request: ClientRequest;
  #changed: () => void = () => undefined;

  /** Resolves when the head has come. */
  static async open(
    url: string,
    options: RequestOptions & { lastEventId?: string } = {},
  ): Promise<SseClient> {
    const { lastEventId, headers, ...rest } = options;
    const cursor = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const request = get(url, { agent: false, ...rest, headers: { ...headers, ...cursor } });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return new SseClient(request, response, lastEventId);
  }

  private constructor(request: ClientRequest, response: IncomingMessage, lastEventId: string | undefined) {
    this.#request = request;
    this.response = response;
    this.reader = new EventReader(lastEventId);
    response.on('data', (chunk: Buffer) => {
      this.reader.feed(chunk);
      this.#changed();
    });
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    this.over = new Promise((resolve) => response.once('close', () => resolve(response.complete)));
    void this.over.then(() => this.#changed());
  }

  get events(): readonly ReceivedEvent[] {
    return this.reader.events;
  }

  get data(): readonly string[] {
    return this.events.map(({ data }) => data);
  }

  /** Resolves when it is true of what has come; fails when the response ends before. */
  async until(isSo: (reader: EventReader) => boolean): Promise<void> {
    while (!isSo(this.reader)) {
      if (this.response.closed) {
        throw new Error(`the response was over, with ${this.events.length} events`);
      }
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** Resolves when so many events have come. */
  received(count: number): Promise<void> {
    return this.until(({ events }) => events.length >= count);
  }

  close(): void {
    this.#request.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
