import type { RedisDriver } from '../driver.js';
import { SharedDriver } from './shared-driver.js';

interface Shares {
  readonly driver: RedisDriver;
  count: number;
}

/** One driver for each thing that was passed in, however many ask for it: each gets a share. */
const sharesOf: WeakMap<object, Shares> = new WeakMap();

/** A share of the driver that `make` makes for `source` when there is none. */
export function shareOf(source: object, make: () => RedisDriver): RedisDriver {
  const shares = sharesOf.get(source) ?? { driver: make(), count: 0 };
  sharesOf.set(source, shares);
  shares.count++;
  return new SharedDriver(shares.driver, async () => {
    if (--shares.count > 0) return;
    sharesOf.delete(source);
    await shares.driver.close();
  });
}
