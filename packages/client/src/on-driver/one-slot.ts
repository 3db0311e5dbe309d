import type { RedisDriver } from '../driver.js';
import { InvalidOptionError } from '../errors.js';

/** What of a key decides its slot: the text in its first braces, if there is any, else all of it. */
export function slotPart(key: string): string {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  return open < 0 || close <= open + 1 ? key : key.slice(open + 1, close);
}

/**
 * Scripts reach only keys of one slot, so in a cluster all of these must have the same hash tag. Two different tags may
 * have the same slot, but only by chance.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`)
 */
export function checkOneSlot(
  { topology }: Pick<RedisDriver, 'topology'>,
  keys: readonly string[],
  option: string,
): void {
  if (topology !== 'cluster') return;
  const tags = new Set(keys.map(slotPart));
  if (tags.size < 2) return;
  const [one, other] = [...tags].map((tag) => JSON.stringify(tag));
  throw new InvalidOptionError(
    option,
    `must all be in one slot of the cluster, and ${one} and ${other} decide over different ones: put the same hash tag ` +
      'into all of them, as {orders}:work',
  );
}
