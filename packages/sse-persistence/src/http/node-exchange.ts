import type { Exchange, Headers } from '../session/exchange.js';
import type { SessionSink, SinkOwner } from '../session/session-sink.js';
import { type NodeResponse, NodeSink } from './node-sink.js';
import { type NodeRequest, nodeRequest, type SseRequest } from './sse-request.js';

export class NodeExchange implements Exchange {
  readonly request: SseRequest;
  readonly #res: NodeResponse;
  readonly #gone: AbortController = new AbortController();

  constructor(req: NodeRequest, res: NodeResponse, queryParameter: string) {
    this.request = nodeRequest(req, queryParameter);
    this.#res = res;
    res.on('close', this.#leave);
    if (res.destroyed) this.#leave();
  }

  get gone(): AbortSignal {
    return this.#gone.signal;
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
    return new NodeSink(this.#res, owner);
  }

  #writeHead(status: number, headers: Headers): void {
    this.#res.off('close', this.#leave);
    this.#res.statusCode = status;
    for (const [name, value] of Object.entries(headers)) this.#res.setHeader(name, value);
  }

  readonly #leave = (): void => this.#gone.abort();
}
