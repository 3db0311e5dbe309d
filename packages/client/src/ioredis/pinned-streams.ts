import type { CommandArgument } from '@redlane/resp3-core';
import { word } from '../blocking-timeout.js';
import type { LeaseCommands } from './lease-commands.js';
import { isServerError } from './raw-reply.js';

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
  const from = args.findIndex((argument) => word(argument) === 'STREAMS') + 1;
  const half = (args.length - from) / 2;
  if (from === 0 || !Number.isInteger(half)) return args;
  const latest = args.flatMap((id, place) => (place >= from + half && word(id) === '$' ? [place] : []));
  if (latest.length === 0) return args;
  const replies = await commands.exchange({
    kind: 'plain',
    commands: latest.map((place) => [
      'XREVRANGE',
      args[place - half] as CommandArgument,
      '+',
      '-',
      'COUNT',
      1,
    ]),
    timeoutMs: TIMEOUT_MS,
  });
  if (replies.some(isServerError)) return args;
  const pinned = [...args];
  for (const [index, place] of latest.entries()) {
    const [entry] = replies[index] as [[id: Buffer, fields: unknown]?];
    pinned[place] = entry?.[0] ?? '0-0';
  }
  return pinned;
}
