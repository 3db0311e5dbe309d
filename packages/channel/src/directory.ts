import type { RedisDriver } from '@redlane/client';
import { type ChannelName, channelPrefix, escapeGlob, withoutHashTag } from './address.js';

const LIST_NAME = /^(.*)\/(?:client|server)$/s;

/**
 * The channels below a prefix that hold a message in one of their lists, each once, as they are found.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for a prefix that does not start and end with `/`
 */
export async function* channelsBelow(
  driver: RedisDriver,
  prefix: ChannelName,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<string, void, undefined> {
  const below = channelPrefix(prefix);
  const seen = new Set<string>();
  for (const match of patterns(driver, below)) {
    for await (const key of driver.scan({ match, type: 'list', signal })) {
      const name = LIST_NAME.exec(key)?.[1];
      if (name === undefined) continue;
      const channel = driver.topology === 'cluster' ? withoutHashTag(name) : name;
      if (!channel.startsWith(below) || channel.length === below.length || seen.has(channel)) continue;
      seen.add(channel);
      yield channel;
    }
  }
}

/** In a cluster names may stand in a hash tag. Below `/` one pattern has both forms. */
function patterns({ topology }: RedisDriver, below: string): readonly string[] {
  const plain = `${escapeGlob(below)}*`;
  return topology === 'cluster' && below !== '/' ? [plain, `/{${escapeGlob(below.slice(1))}*`] : [plain];
}
