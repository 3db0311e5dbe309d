import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Snapshot } from '../contract.js';
import { isPassing } from '../persevere.js';
import { RequestError } from '../request-error.js';
import type { Announcements } from './announcements.js';
import type { Board } from './board.js';
import type { Events } from './events.js';
import { orderId } from './order-id.js';
import type { OrderIntake } from './order-intake.js';
import { integer, readBody, text } from './read-body.js';

const ANNOUNCE_WITHIN_MS = 10_000;

export interface ApiParts {
  readonly intake: OrderIntake;
  readonly events: Events;
  readonly announcements: Announcements;
  readonly board: Board;
  /** Aborted when the node ends. */
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** What a web node answers. The page itself, and faults, are the front's. */
export function createApi(parts: ApiParts): Server {
  return createServer((request, response) => {
    // A URL would not take whatever a request may ask for, as "//".
    const [path = '/', query] = (request.url ?? '/').split('?', 2);
    if (request.method === 'GET' && path === '/events') {
      const desk = new URLSearchParams(query).get('desk') ?? '';
      stream(parts.events, request, response, desk).catch((error) => fail(response, error, parts.signal));
      return;
    }
    answer(parts, request, path).then(
      ({ status, body }) => send(response, status, body),
      (error) => fail(response, error, parts.signal),
    );
  });
}

async function answer(parts: ApiParts, request: IncomingMessage, path: string): Promise<Answer> {
  switch (`${request.method} ${path}`) {
    case 'POST /api/orders':
      return { status: 201, body: await placeOrder(parts, request) };
    case 'POST /api/announcements':
      return { status: 202, body: await announce(parts, request) };
    case 'GET /api/snapshot':
      return { status: 200, body: await snapshot(parts) };
    default:
      throw new RequestError(404, 'NOT_FOUND', `there is no ${request.method} ${path}`);
  }
}

async function placeOrder({ intake }: ApiParts, request: IncomingMessage) {
  const body = await readBody(request);
  const item = text(body, 'item', 100);
  const quantity = integer(body, 'quantity', 1, 99);
  const { id, number } = await intake.place({ id: orderId(keyOf(request)), item, quantity });
  return { id, number };
}

async function announce({ announcements }: ApiParts, request: IncomingMessage) {
  const body = await readBody(request);
  const topic = text(body, 'topic', 50);
  if (!/^[\w-]+$/.test(topic)) {
    throw new RequestError(400, 'INVALID_TOPIC', '"topic" should be a word of letters, digits, - and _');
  }
  const key = keyOf(request);
  const signal = AbortSignal.timeout(ANNOUNCE_WITHIN_MS);
  await announcements.say(topic, text(body, 'text', 500), { signal, ...(key === undefined ? {} : { key }) });
  return {};
}

async function snapshot({ board, announcements }: ApiParts): Promise<Snapshot> {
  const [orders, totals, panel, latest] = await Promise.all([
    board.orders(),
    board.totals(),
    board.panel(),
    announcements.latest(),
  ]);
  return { orders, totals, panel, announcements: latest };
}

async function stream(events: Events, request: IncomingMessage, response: ServerResponse, listener: string) {
  if (!/^[\w-]{1,64}$/.test(listener)) {
    throw new RequestError(400, 'INVALID_DESK', '"desk" should be 1 to 64 letters, digits, - and _');
  }
  await events.serve(request, response, listener);
}

function keyOf(request: IncomingMessage): string | undefined {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key === 'string' && key.length >= 1 && key.length <= 100) return key;
  throw new RequestError(400, 'INVALID_KEY', 'an idempotency-key has 1 to 100 characters');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}

function fail(response: ServerResponse, error: unknown, ending: AbortSignal): void {
  const isTimeout = (error as { name?: unknown }).name === 'TimeoutError';
  if (response.headersSent) {
    response.destroy();
  } else if (error instanceof RequestError) {
    send(response, error.status, error.body);
  } else if (ending.aborted || isTimeout || isPassing(error)) {
    const message =
      'Redis or the workers are out of reach just now; ask again under the same idempotency-key';
    send(response, 503, { code: 'TRY_AGAIN', message });
  } else {
    console.error(error);
    send(response, 500, { code: 'FAILED', message: 'this should not have happened; the terminal says more' });
  }
}
