import type { RedisDriver } from '@redlane/client';
import { listConsumerKeys } from '@redlane/client/list-consumer';

/** A message that a receiver has taken, and neither acked nor given back. */
export interface PendingMessage {
  /** How often it was delivered, this time included. */
  readonly deliveries: number;
  /** Its beginning; without envelope. */
  readonly text: string;
}

export interface PendingQuery {
  /** Key of the list that the receiver takes from. */
  readonly list: string;
  /** The receiver's. */
  readonly id: string;
  readonly count: number;
}

/** How much of a message is shown, in characters. */
const SHOWN = 200;

/** The messages that a reliable receiver holds, those first that it has taken first. */
export async function pendingMessages(
  driver: RedisDriver,
  { list, id, count }: PendingQuery,
): Promise<PendingMessage[]> {
  if (count === 0) return [];
  const key = listConsumerKeys(list).work(encodeURIComponent(id));
  const numbers = (await driver.send(['HKEYS', key])) as string[];
  const first = numbers.sort((one, other) => Number(one) - Number(other)).slice(0, count);
  if (first.length === 0) return [];
  const held = (await driver.send(['HMGET', key, ...first])) as (string | null)[];
  // Acked in between.
  return held.filter((entry) => entry !== null).map(parse);
}

/** `deliveries|message`, where the message may begin with a line that is its envelope. */
function parse(entry: string): PendingMessage {
  const bar = entry.indexOf('|');
  const message = entry.slice(bar + 1);
  const text = message.startsWith('redlane/1 ') ? message.slice(message.indexOf('\n') + 1) : message;
  return {
    deliveries: Number(entry.slice(0, bar)),
    text: text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text,
  };
}
