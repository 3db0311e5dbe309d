import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultReport } from '../contract.js';
import type { BuiltPage } from '../page/build-page.js';
import { readBytes } from '../read-bytes.js';
import { RequestError } from '../request-error.js';
import { UsageError } from '../usage-error.js';
import { type FaultKind, faultKinds } from './faults.js';
import { type Forwarded, forward } from './forward.js';
import { Turns, type Upstream } from './turns.js';

/** How long a request waits for a node that can answer it. */
const WAIT_MS = 15_000;
const LOOK_AGAIN_MS = 50;
const ANSWER_WITHIN_MS = 12_000;
const MOST_BYTES = 20_000;

export interface FrontParts {
  readonly upstreams: () => readonly Upstream[];
  readonly page: BuiltPage;
  readonly inflict: (kind: FaultKind) => Promise<FaultReport>;
}

/**
 * The one address that browsers know. Requests go to the nodes in turn; when one is gone the next is asked instead, which does
 * no harm: whoever has no idempotency-key is given one.
 */
export class Front implements AsyncDisposable {
  readonly #agent: Agent = new Agent({ keepAlive: true });
  readonly #turns: Turns = new Turns();
  readonly #server: Server;
  #parts: FrontParts | undefined;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch((error) => giveUp(response, error));
    });
  }

  /** @throws UsageError when the port is taken, or not allowed */
  static async listen(port: number): Promise<Front> {
    const front = new Front();
    front.#server.listen(port, '127.0.0.1');
    try {
      await once(front.#server, 'listening');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
      const problem = code === 'EACCES' ? 'is not allowed' : 'is taken by another program';
      throw new UsageError(`port ${port} ${problem}. Choose another: PORT=4001 npm start`, { cause: error });
    }
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Until then requests are told to come back. */
  open(parts: FrontParts): void {
    this.#parts = parts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts = this.#parts;
    if (parts === undefined)
      return send(response, 503, { code: 'STARTING', message: 'the desk is starting' });
    const { method = 'GET', url = '/' } = request;
    const [path = '/'] = url.split('?');
    const file = method === 'GET' ? pageFiles[path] : undefined;
    if (file !== undefined) return sendFile(response, file, parts.page);
    const fault = method === 'POST' && path.startsWith(faultPath) ? path.slice(faultPath.length) : undefined;
    if (fault !== undefined) return sendFault(response, fault, parts);
    await this.#forward(request, response, parts);
  }

  async #forward(request: IncomingMessage, response: ServerResponse, parts: FrontParts): Promise<void> {
    const forwarded = await receive(request);
    const failed = new Set<number>();
    const deadline = performance.now() + WAIT_MS;
    while (!response.destroyed) {
      const upstream = this.#turns.next(parts.upstreams(), failed);
      if (upstream === undefined) {
        if (performance.now() > deadline) throw new Error('no web node can be reached');
        failed.clear();
        await delay(LOOK_AGAIN_MS);
        continue;
      }
      try {
        await forward(forwarded, upstream, response, { agent: this.#agent, timeoutMs: ANSWER_WITHIN_MS });
        return;
      } catch {
        failed.add(upstream.port);
      }
    }
  }
}

const faultPath = '/api/faults/';

const pageFiles: Readonly<Record<string, PageFile>> = {
  '/': { part: 'html', type: 'text/html' },
  '/app.js': { part: 'js', type: 'text/javascript' },
  '/app.css': { part: 'css', type: 'text/css' },
};

interface PageFile {
  readonly part: keyof BuiltPage;
  readonly type: string;
}

async function receive(request: IncomingMessage): Promise<Forwarded> {
  const body = await readBytes(request, MOST_BYTES);
  const { method = 'GET', url = '/' } = request;
  // Of this connection only; the length is told anew.
  const { connection: _, 'transfer-encoding': __, 'content-length': ___, ...headers } = request.headers;
  if (method === 'POST') headers['idempotency-key'] ??= randomUUID();
  return { method, path: url, headers: { ...headers, 'content-length': String(body.length) }, body };
}

async function sendFault(response: ServerResponse, kind: string, { inflict }: FrontParts): Promise<void> {
  const known = faultKinds.find((one) => one === kind);
  if (known !== undefined) return send(response, 202, await inflict(known));
  const message = `there is no fault "${kind}", only ${faultKinds.join(', ')}`;
  send(response, 404, { code: 'UNKNOWN_FAULT', message });
}

function sendFile(response: ServerResponse, { part, type }: PageFile, page: BuiltPage): void {
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(page[part]);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

/** A stream of events is cut instead of refused: after any status but 200 a browser would never come back. */
function giveUp(response: ServerResponse, error: unknown): void {
  const isStream = response.req.url?.startsWith('/events') ?? false;
  if (response.headersSent || isStream) response.destroy();
  else if (error instanceof RequestError) send(response, error.status, error.body);
  else send(response, 503, { code: 'TRY_AGAIN', message: error instanceof Error ? error.message : 'failed' });
}
