import type { ResolvedOptions } from '../client-options.js';
import { addressLocator } from './address-locator.js';
import type { Locator } from './locator.js';
import { SentinelLocator } from './sentinel-locator.js';

/** What looks for the server, when the options do not just name it. */
export function locatorOf(options: Omit<ResolvedOptions, 'locator'>): Locator | undefined {
  const { address, sentinels } = options;
  if (address !== undefined) return addressLocator(address);
  return sentinels === undefined ? undefined : new SentinelLocator({ ...options, sentinels });
}
