import { InvalidListenerException } from '../exceptions.js';
import type { ListenerRow } from './channel-store.js';

const VERSION = 1;

export function encodeRow({ id, createdAt, queueType }: ListenerRow): string {
  return JSON.stringify({ v: VERSION, id, createdAt, queueType });
}

/** @throws InvalidListenerException when something else has written it */
export function decodeRow(id: string, text: string): ListenerRow {
  let row: Readonly<Record<string, unknown>>;
  try {
    row = JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new InvalidListenerException(`the row of listener ${id} is no JSON`, error);
  }
  const { v, createdAt, queueType } = row ?? {};
  const isFine =
    v === VERSION && typeof createdAt === 'number' && (queueType === 'plain' || queueType === 'blocking');
  if (!isFine) throw new InvalidListenerException(`the row of listener ${id} has other fields than expected`);
  return { id, createdAt, queueType };
}
