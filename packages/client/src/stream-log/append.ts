import { randomBytes } from 'node:crypto';
import { CommandArgumentError } from '@redlane/resp3-core';
import { InvalidOptionError } from '../errors.js';
import { CLOCK } from '../on-driver/clock.js';
import { text } from '../option-checks.js';
import type { LogData } from './entry.js';
import { ENSURE } from './lua.js';
import { PACK } from './netstrings.js';
import type { LogContext } from './options.js';
import { formatPosition } from './position.js';

/**
 * KEYS: meta, log, inboxes, inbox, once. ARGV: see `append`. Each entry names the one before it in its stream (`p`) or
 * inbox: so the first that is left tells how far what went before is gone, whoever has removed it.
 */
const APPEND = `${CLOCK}${PACK}${ENSURE}
local meta, log, inboxes, inbox, once = unpack(KEYS)
local candidate, metaTtl, ttl, age, size, exact, inboxSize, targets = unpack(ARGV, 1, 8)
local target, exclude, onceTtl, publish, topic, copyTo, copy = unpack(ARGV, 9, 15)
local fields = {unpack(ARGV, 16)}

if onceTtl ~= '0' then
  local epoch, offset = string.match(redis.call('GET', once) or '', '^(.*)%.(%d+)$')
  if epoch then return {epoch, tonumber(offset), 1} end
end

local epoch, last, previous, forgotten = ensure(meta, log, inboxes, candidate, metaTtl)
local offset = int(last + 1)
if target == '' then
  redis.call('XADD', log, 'MAXLEN', exact, size, offset .. '-0',
    'p', int(previous), 't', int(ms), 'x', exclude, unpack(fields))
  redis.call('HSET', meta, 's', offset, 'b', offset)
  local limit = age == '0' and 0 or ms - age
  if tonumber(redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1][2][4]) < limit then
    local from
    for _, entry in ipairs(redis.call('XRANGE', log, '-', '+', 'COUNT', 64)) do
      from = entry[1]
      if tonumber(entry[2][4]) >= limit then break end
    end
    redis.call('XTRIM', log, 'MINID', from)
  end
  redis.call('PEXPIRE', log, ttl)
else
  local before = redis.call('ZSCORE', inboxes, target)
  if not before then
    redis.call('DEL', inbox)
    before = forgotten
  end
  redis.call('RPUSH', inbox, pack({offset, int(before), int(ms), unpack(fields)}))
  redis.call('LTRIM', inbox, -inboxSize, -1)
  redis.call('PEXPIRE', inbox, ttl)
  redis.call('ZADD', inboxes, offset, target)
  local many = redis.call('ZCARD', inboxes) - targets
  if many > 0 then
    local gone = redis.call('ZPOPMIN', inboxes, many)
    forgotten = math.max(forgotten, tonumber(gone[#gone]))
  end
  redis.call('PEXPIRE', inboxes, metaTtl)
  redis.call('HSET', meta, 's', offset, 'f', int(forgotten), 'n', 1)
end
redis.call('PEXPIRE', meta, metaTtl)
if onceTtl ~= '0' then redis.call('SET', once, epoch .. '.' .. offset, 'PX', onceTtl) end
redis.call(publish, topic, pack({epoch, offset, 'e', int(ms), target, exclude, unpack(fields)}))
if copyTo ~= '' then redis.call('PUBLISH', copyTo, copy) end
return {epoch, last + 1, 0}
`;

export interface AppendOptions {
  /** The only reader it is for: those that were opened with this target. @default everybody */
  readonly target?: string | undefined;
  /** The only target it is not for. */
  readonly exclude?: string | undefined;
  /** A second append with the same key within `idempotencyTtlMs` writes nothing, and returns what the first has. */
  readonly idempotencyKey?: string | undefined;
  /** Publishes this as well, in the same step: for those who listen to a channel and know nothing of logs. */
  readonly copyTo?: { readonly channel: string; readonly payload: string | Uint8Array } | undefined;
  /** Ends the wait for the reply: it may be written all the same. */
  readonly signal?: AbortSignal | undefined;
}

export interface Appended {
  /** Of the entry: the cursor of who has read it. */
  readonly position: string;
  readonly offset: number;
  /** An earlier append with the same idempotency key has written it. */
  readonly duplicate: boolean;
}

const MOST_FIELDS = 1_000;

/** Writes an entry and wakes the readers up, in one step. */
export async function append(
  context: LogContext,
  data: LogData,
  { target = '', exclude = '', idempotencyKey, copyTo, signal }: AppendOptions,
): Promise<Appended> {
  const { driver, keys, publish } = context;
  text(target, 'target');
  text(exclude, 'exclude');
  if (copyTo !== undefined && text(copyTo.channel, 'copyTo.channel') === '') {
    throw new InvalidOptionError('copyTo.channel', 'must not be empty');
  }
  const names = [keys.meta, keys.log, keys.inboxes, keys.inbox(target), keys.once(idempotencyKey ?? '')];
  const args = [
    newEpoch(),
    context.metaTtlMs,
    context.ttlMs,
    context.ageMs,
    context.size,
    context.exact ? '=' : '~',
    context.inboxSize,
    context.targets,
    target,
    exclude,
    idempotencyKey === undefined ? 0 : context.idempotencyTtlMs,
    publish === 'shard' ? 'SPUBLISH' : 'PUBLISH',
    keys.topic,
    copyTo?.channel ?? '',
    copyTo?.payload ?? '',
    ...fieldsOf(data),
  ];
  const reply = await driver.run(APPEND, names, args, { signal });
  const [epoch, offset, duplicate] = reply as [string, number, number];
  return { position: formatPosition(epoch, offset), offset, duplicate: duplicate === 1 };
}

/** Random numbers of the server would be the same after each of its starts. */
export function newEpoch(): string {
  return randomBytes(9).toString('base64url');
}

function fieldsOf(data: LogData): (string | Uint8Array)[] {
  const fields = Object.entries(data).flat();
  if (fields.length === 0 || fields.length > 2 * MOST_FIELDS) {
    throw new CommandArgumentError(
      `an entry of ${fields.length / 2} fields cannot be appended`,
      `give it 1 to ${MOST_FIELDS}, as { data: 'hello' }`,
    );
  }
  return fields;
}
