import type { CommandArgument } from '@redlane/resp3-core';
import type { DriverReply, DriverScanOptions } from '../driver.js';

/** Sends a SCAN to the server whose keys are wanted. */
export type SendScan = (args: readonly CommandArgument[]) => Promise<DriverReply>;

const COUNT = 500;

/** The keys of one server after the other, each once. */
export async function* scanKeys(
  servers: Iterable<SendScan>,
  { match, type, count = COUNT }: DriverScanOptions,
): AsyncGenerator<string, void, undefined> {
  const seen = new Set<string>();
  const filter = [
    ...(match === undefined ? [] : ['MATCH', match]),
    ...(type === undefined ? [] : ['TYPE', type]),
  ];
  for (const send of servers) {
    let cursor = '0';
    do {
      const [next, keys] = (await send(['SCAN', cursor, 'COUNT', count, ...filter])) as [string, string[]];
      for (const key of keys) {
        if (seen.has(key)) continue;
        seen.add(key);
        yield key;
      }
      cursor = next;
    } while (cursor !== '0');
  }
}
