import { PACK } from './netstrings.js';
import type { LogContext } from './options.js';
import { parsePosition } from './position.js';

/** KEYS: meta, log. ARGV: MAXLEN or MINID, its value, epoch or '', PUBLISH or SPUBLISH, topic. Gives how many are gone. */
const TRIM = `${PACK}
local known = redis.call('HMGET', KEYS[1], 'e', 's', 'b')
if not known[1] or (ARGV[3] ~= '' and ARGV[3] ~= known[1]) then return 0 end
local count = redis.call('XTRIM', KEYS[2], ARGV[1], ARGV[2])
if count > 0 then
  local first = redis.call('XRANGE', KEYS[2], '-', '+', 'COUNT', 1)[1]
  redis.call(ARGV[4], ARGV[5], pack({known[1], known[2], 't', first and first[2][2] or known[3]}))
end
return count
`;

/** KEYS: meta, log, inboxes, inboxes' keys. ARGV: PUBLISH or SPUBLISH, topic. */
const REMOVE = `${PACK}
local epoch = redis.call('HGET', KEYS[1], 'e')
for i = 1, #KEYS, 1000 do redis.call('UNLINK', unpack(KEYS, i, math.min(i + 999, #KEYS))) end
if epoch then redis.call(ARGV[1], ARGV[2], pack({epoch, '0', 'r'})) end
`;

/** Which entries to remove from the stream. */
export type Trim =
  /** All but so many of the newest. */
  | { readonly size: number }
  /** Those up to this position, its entry included. */
  | { readonly upTo: string };

export async function trim(context: LogContext, what: Trim): Promise<number> {
  const { driver, keys } = context;
  let how: (string | number)[];
  if ('size' in what) how = ['MAXLEN', what.size, ''];
  else {
    const position = parsePosition(what.upTo);
    if (position === undefined) return 0;
    how = ['MINID', position.offset + 1, position.epoch];
  }
  return (await driver.run(TRIM, [keys.meta, keys.log], [...how, ...wakeUp(context)])) as number;
}

/** All keys go but those of idempotency, which have a short life. */
export async function removeLog(context: LogContext): Promise<void> {
  const { driver, keys } = context;
  const targets = (await driver.send(['ZRANGE', keys.inboxes, 0, -1])) as readonly string[];
  const names = [keys.meta, keys.log, keys.inboxes, ...targets.map((target) => keys.inbox(target))];
  await driver.run(REMOVE, names, wakeUp(context));
}

function wakeUp({ publish, keys }: LogContext): [command: string, topic: string] {
  return [publish === 'shard' ? 'SPUBLISH' : 'PUBLISH', keys.topic];
}
