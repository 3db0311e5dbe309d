import { setTimeout as pause } from 'node:timers/promises';
import type { EventFeed } from '../event-feed.js';
import { FetchExchange } from '../http/fetch-exchange.js';
import { NodeExchange } from '../http/node-exchange.js';
import type { NodeResponse } from '../http/node-sink.js';
import type { NodeRequest } from '../http/sse-request.js';
import { streamHeaders } from '../http/stream-headers.js';
import { Reception } from './reception.js';
import type { SseSessionsStats } from './session-counters.js';
import type { SessionEnd } from './session-end.js';
import { resolveSessionOptions, type SseSessionsOptions } from './session-options.js';
import { SseError } from './sse-error.js';

/** nginx's, for clients that have closed the request: nobody sees it but the log. */
const GONE_STATUS = 499;

/** What a handler says about one request. */
export interface SessionRequestOptions {
  /** Whose response it is: gets what is for everybody, and what is for it. */
  readonly listener?: string | undefined;
  /** Where a client without a cursor begins: with what comes, or with the oldest event that is kept. @default 'now' */
  readonly from?: 'now' | 'start' | undefined;
  /** Ends the response; the client comes back. */
  readonly signal?: AbortSignal | undefined;
}

export interface DrainOptions {
  /** Responses end one after the other over this time, in ms, so that not all clients come back at once. @default 0 */
  readonly spreadMs?: number | undefined;
}

/**
 * The open responses of a process, whichever channels they read. Whatever ends a response, its client loses nothing: it comes
 * back with the id of the last event that it got, to this node or another, and gets what is behind that.
 */
export class SseSessions implements AsyncDisposable {
  readonly #reception: Reception;
  readonly #queryParameter: string;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(options: SseSessionsOptions = {}) {
    const resolved = resolveSessionOptions(options);
    this.#reception = new Reception(resolved, streamHeaders(resolved.headers));
    this.#queryParameter = resolved.queryParameter;
  }

  /**
   * Answers a request of `node:http`, `node:https` or `node:http2`.
   *
   * @returns when the response is over: why
   * @throws SseError (`HEADERS_SENT`), and what `authorize` throws
   */
  pipe(
    feed: EventFeed,
    req: NodeRequest,
    res: NodeResponse,
    { listener, from = 'now', signal }: SessionRequestOptions = {},
  ): Promise<SessionEnd> {
    if (res.headersSent) {
      const message = 'the head of the response was sent already: call pipe before anything is written to it';
      return Promise.reject(new SseError('HEADERS_SENT', message));
    }
    const exchange = new NodeExchange(req, res, this.#queryParameter);
    return new Promise((onEnd, reject) => {
      this.#reception.receive({ feed, exchange, listener, from, signal, onEnd }).catch(reject);
    });
  }

  /**
   * Answers a request of a Fetch-style server.
   *
   * @throws what `authorize` throws
   */
  toResponse(
    feed: EventFeed,
    request: Request,
    { listener, from = 'now', signal }: SessionRequestOptions = {},
  ): Promise<Response> {
    return new Promise((respond, reject) => {
      const exchange = new FetchExchange(request, this.#queryParameter, respond);
      // Who has gone before an answer has begun gets this one, so that the handler does not wait for ever.
      const onEnd = (): void => respond(new Response(null, { status: GONE_STATUS }));
      this.#reception.receive({ feed, exchange, listener, from, signal, onEnd }).catch(reject);
    });
  }

  stats(): SseSessionsStats {
    const { roster, counters, opening, isClosed } = this.#reception;
    let queuedBytes = 0;
    for (const session of roster) queuedBytes += session.queuedBytes;
    return { ...counters, open: roster.size, opening, queuedBytes, draining: isClosed };
  }

  /**
   * Before a shutdown: ends all responses, and tells who comes from now on to come back later, when another node or the next
   * process is there. Close the server afterwards, with `closeIdleConnections()`.
   *
   * @returns when every client has taken the rest, or was given 5 s for it
   */
  async drain({ spreadMs = 0 }: DrainOptions = {}): Promise<void> {
    this.#reception.close();
    const sessions = [...this.#reception.roster];
    for (const session of sessions) {
      session.end('drained');
      if (spreadMs > 0) await pause(spreadMs / sessions.length);
    }
    await this.#reception.finished();
  }

  /** `drain()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.drain();
  }
}
