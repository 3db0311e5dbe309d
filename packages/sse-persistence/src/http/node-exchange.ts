import type { Exchange, Headers } from '../session/exchange.js';
import type { SessionSink, SinkOwner } from '../session/session-sink.js';
import { CloseHook } from './close-hook.js';
import { type NodeResponse, NodeSink } from './node-sink.js';
import { type NodeRequest, nodeRequest, type SseRequest } from './sse-request.js';

export class NodeExchange implements Exchange {
  readonly request: SseRequest;
  readonly #res: NodeResponse;
  readonly #hook: CloseHook;

  constructor(req: NodeRequest, res: NodeResponse, queryParameter: string) {
    this.request = nodeRequest(req, queryParameter);
    this.#res = res;
    this.#hook = CloseHook.on(res);
  }

  get isGone(): boolean {
    return this.#hook.isClosed;
  }

  whenGone(call: (() => void) | undefined): void {
    this.#hook.owner = call && { closed: call };
  }

  answer(status: number, headers: Headers, body?: Uint8Array): void {
    this.#writeHead(status, headers);
    if (body === undefined) this.#res.end();
    else this.#res.end(body);
  }

  begin(headers: Headers, owner: SinkOwner): SessionSink {
    this.#writeHead(200, headers);
    // The types of http2's responses do not know of it.
    if ('flushHeaders' in this.#res) this.#res.flushHeaders();
    return new NodeSink(this.#res, this.#hook, owner);
  }

  /** Headers that are set one by one are kept for as long as the response is open; these are not. */
  #writeHead(status: number, headers: Headers): void {
    (this.#res as { writeHead(status: number, headers: Headers): unknown }).writeHead(status, headers);
  }
}
