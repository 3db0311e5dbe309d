import type { Exchange, Headers } from '../session/exchange.js';
import type { SessionSink, SinkOwner } from '../session/session-sink.js';
import { FetchSink } from './fetch-sink.js';
import { fetchRequest, type SseRequest } from './sse-request.js';

export class FetchExchange implements Exchange {
  readonly request: SseRequest;
  readonly #request: Request;
  #onGone: (() => void) | undefined;
  readonly #respond: (response: Response) => void;

  /** `respond` is given the answer as soon as it begins. */
  constructor(request: Request, queryParameter: string, respond: (response: Response) => void) {
    this.request = fetchRequest(request, queryParameter);
    this.#request = request;
    this.#respond = respond;
  }

  get isGone(): boolean {
    return this.#request.signal.aborted;
  }

  whenGone(call: (() => void) | undefined): void {
    const { signal } = this.#request;
    if (this.#onGone !== undefined) signal.removeEventListener('abort', this.#onGone);
    this.#onGone = call;
    if (call !== undefined) signal.addEventListener('abort', call);
  }

  answer(status: number, headers: Headers, body?: Uint8Array): void {
    this.#respond(new Response(body ?? null, { status, headers }));
  }

  begin(headers: Headers, owner: SinkOwner): SessionSink {
    const sink = new FetchSink(owner, this.#request.signal);
    this.#respond(new Response(sink.body, { status: 200, headers }));
    return sink;
  }
}
