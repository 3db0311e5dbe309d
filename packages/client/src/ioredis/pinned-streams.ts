import type { CommandArgument } from '@redlane/resp3-core';
import { word } from '../blocking-timeout.js';
import type { LeaseCommands } from './lease-commands.js';
import { isServerError } from './raw-reply.js';
import { streamsAt } from './streams-at.js';

const TIMEOUT_MS = 5_000;

/**
 * XREAD with the last entry's ID in place of each `$`, so that it can be sent again and misses nothing. What the server
 * does not tell stays as it is.
 */
export async function pinnedStreams(
  commands: LeaseCommands,
  args: readonly CommandArgument[],
): Promise<readonly CommandArgument[]> {
  if (word(args[0]) !== 'XREAD') return args;
  const read = streamsAt(args);
  if (read === undefined) return args;
  const pinned = [...args];
  for (let place = read.ids; place < args.length; place++) {
    if (word(args[place]) !== '$') continue;
    const stream = args[place - (read.ids - read.names)] as CommandArgument;
    const [reply] = await commands.exchange({
      kind: 'single',
      commands: [['XREVRANGE', stream, '+', '-', 'COUNT', 1]],
      timeoutMs: TIMEOUT_MS,
    });
    if (isServerError(reply)) return args;
    const [last] = reply as [[id: Buffer, fields: unknown]?];
    pinned[place] = last?.[0] ?? '0-0';
  }
  return pinned;
}
