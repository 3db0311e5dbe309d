import type { IncomingMessage } from 'node:http';
import { readBytes } from '../read-bytes.js';
import { RequestError } from '../request-error.js';

const MOST_BYTES = 10_000;

/** @throws RequestError `TOO_LARGE`, `INVALID_JSON` */
export async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const bytes = await readBytes(request, MOST_BYTES);
  let body: unknown;
  try {
    body = JSON.parse(bytes.toString());
  } catch {
    throw new RequestError(400, 'INVALID_JSON', 'the body is not JSON');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new RequestError(400, 'INVALID_JSON', 'the body should be a JSON object');
  }
  return body as Record<string, unknown>;
}

/** @throws RequestError `INVALID_<FIELD>` */
export function text(body: Record<string, unknown>, field: string, most: number): string {
  const value = body[field];
  if (typeof value === 'string' && value.trim() !== '' && value.length <= most) return value.trim();
  throw new RequestError(
    400,
    `INVALID_${field.toUpperCase()}`,
    `"${field}" should be a text of 1 to ${most} characters`,
  );
}

/** @throws RequestError `INVALID_<FIELD>` */
export function integer(body: Record<string, unknown>, field: string, from: number, to: number): number {
  const value = body[field];
  if (Number.isInteger(value) && Number(value) >= from && Number(value) <= to) return Number(value);
  throw new RequestError(
    400,
    `INVALID_${field.toUpperCase()}`,
    `"${field}" should be a whole number from ${from} to ${to}`,
  );
}
