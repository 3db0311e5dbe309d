import type { Snapshot } from '../../contract.js';
import { Refused } from './outbox.js';

export interface NewOrder {
  readonly item: string;
  readonly quantity: number;
}

export interface NewAnnouncement {
  readonly topic: string;
  readonly text: string;
}

const TIMEOUT_MS = 10_000;

/** Calls of the desk. `Refused`: it has said no; any other error: it is not known what has happened. */
export const api = {
  async placeOrder(order: NewOrder, idempotencyKey: string): Promise<void> {
    await post('/api/orders', order, { 'idempotency-key': idempotencyKey });
  },

  async announce(announcement: NewAnnouncement, idempotencyKey: string): Promise<void> {
    await post('/api/announcements', announcement, { 'idempotency-key': idempotencyKey });
  },

  async causeFault(kind: string): Promise<void> {
    await post(`/api/faults/${kind}`, {});
  },

  async snapshot(): Promise<Snapshot> {
    const response = await fetch('/api/snapshot', {
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return (await succeeded(response).json()) as Snapshot;
  },
};

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (response.status >= 400 && response.status < 500) throw new Refused(await messageOf(response));
  succeeded(response);
}

function succeeded(response: Response): Response {
  if (!response.ok) throw new Error(`the desk has answered ${response.status}`);
  return response;
}

async function messageOf(response: Response): Promise<string> {
  try {
    const { message } = (await response.json()) as { message?: unknown };
    if (typeof message === 'string') return message;
  } catch {
    // Then its status has to do.
  }
  return `the desk has answered ${response.status}`;
}
