import type { IncomingMessage } from 'node:http';
import type { Http2ServerRequest } from 'node:http2';

/** A request for a stream of events, from whatever server it comes. */
export interface SseRequest {
  readonly method: string;
  /** Path and query; of Fetch-style servers the whole URL. */
  readonly url: string;
  /** What the client has seen last: the header `Last-Event-ID`, else the query parameter. */
  readonly cursor: string | undefined;
  /** A header's value. */
  header(name: string): string | undefined;
  /** What the server has made of it. */
  readonly raw: NodeRequest | Request;
}

/** A request of `node:http`, `node:https` or `node:http2`, or what a framework has made of one. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;

export function nodeRequest(raw: NodeRequest, queryParameter: string): SseRequest {
  const header = (name: string): string | undefined => {
    const value = raw.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  // Frameworks that mount routers shorten `url`.
  const { originalUrl } = raw as { originalUrl?: unknown };
  const url = typeof originalUrl === 'string' ? originalUrl : (raw.url ?? '/');
  return { method: raw.method ?? 'GET', url, cursor: cursorOf(header, url, queryParameter), header, raw };
}

export function fetchRequest(raw: Request, queryParameter: string): SseRequest {
  const header = (name: string): string | undefined => raw.headers.get(name) ?? undefined;
  const { method, url } = raw;
  return { method, url, cursor: cursorOf(header, url, queryParameter), header, raw };
}

/** A browser that reconnects repeats its URL, so that the query may be the older one. */
function cursorOf(
  header: (name: string) => string | undefined,
  url: string,
  queryParameter: string,
): string | undefined {
  const query = url.indexOf('?');
  const inQuery = query < 0 ? undefined : new URLSearchParams(url.slice(query + 1)).get(queryParameter);
  return header('last-event-id') || inQuery || undefined;
}
