import type { RedisDriver } from '@redlane/client';

/** How many are looked at in one command, after the first. */
const MANY = 100;

/** Looks for the first one from this end that is accepted, in a list or a sorted set. */
export async function peekRange(
  driver: Pick<RedisDriver, 'send'>,
  command: 'LRANGE' | 'ZRANGE',
  key: string,
  end: 'oldest' | 'newest',
  accepts: (element: Uint8Array) => boolean,
): Promise<Uint8Array | undefined> {
  for (let from = 0, count = 1; ; from += count, count = MANY) {
    const range = end === 'oldest' ? [from, from + count - 1] : [-from - count, -from - 1];
    const reply = await driver.send([command, key, ...range], { replies: 'bytes' });
    const elements = reply as readonly Uint8Array[];
    const found = end === 'oldest' ? elements.find(accepts) : elements.findLast(accepts);
    if (found !== undefined || elements.length < count) return found;
  }
}
