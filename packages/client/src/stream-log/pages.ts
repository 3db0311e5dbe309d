import type { DriverReply } from '../driver.js';
import { newEpoch } from './append.js';
import { type Decode, type LogEntry, makeEntry, type ResetReason, textOf } from './entry.js';
import { ENSURE, HEAD } from './lua.js';
import { unpack } from './netstrings.js';
import type { LogContext } from './options.js';
import type { Position } from './position.js';

/** More targets than this are not named. */
const MOST_CHANGED = 1_000;

/**
 * KEYS: meta, log, inboxes, inbox. ARGV: epoch for a new log, its time to live, how many, target or '', and where to
 * begin: `now`, `start` or `after`; with `after` epoch and offset.
 */
const READ = `${ENSURE}${HEAD}
local meta, log, inboxes, inbox = unpack(KEYS)
local candidate, ttl, count, target, where, cursorEpoch, cursor = unpack(ARGV)
local epoch, last, previous, forgotten = ensure(meta, log, inboxes, candidate, ttl)

local first = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local gone = first and tonumber(first[2][2]) or previous
local missed = 0
local held = {}
if target ~= '' then
  local newest = redis.call('ZSCORE', inboxes, target)
  if newest then
    held = redis.call('LRANGE', inbox, 0, -1)
    missed = tonumber(newest)
    if held[1] then
      local _, before = head(held[1])
      missed = before
    end
  else
    missed = forgotten
  end
end

local from, reset = last, ''
if where == 'start' then
  from = gone
elseif where == 'after' then
  from = tonumber(cursor)
  if cursorEpoch ~= epoch then reset = 'epoch'
  elseif from > last then reset = 'ahead'
  elseif from < gone then reset = 'trimmed'
  elseif from < missed then reset = 'inbox'
  end
  if reset ~= '' then from = last end
end

local page, inboxPage, changed, upTo = {}, {}, {}, last
if from < last then
  page = redis.call('XRANGE', log, '(' .. string.format('%.0f', from) .. '-0', '+', 'COUNT', count)
  if #page == tonumber(count) then upTo = tonumber(string.match(page[#page][1], '^%d+')) end
  for _, packed in ipairs(held) do
    local offset = head(packed)
    if offset > from and offset <= upTo then inboxPage[#inboxPage + 1] = packed end
  end
  if target == '' then
    changed = redis.call('ZRANGEBYSCORE', inboxes, '(' .. string.format('%.0f', from), '+inf',
      'LIMIT', 0, ${MOST_CHANGED + 1})
  end
end
return {epoch, last, reset, from, upTo, forgotten, page, inboxPage, changed}
`;

/** Where to begin: behind what there is, at the first entry that is kept, or behind a position. */
export type Start = 'now' | 'start' | Position;

/** What was in Redis at one moment. */
export interface Page<Raw> {
  readonly epoch: string;
  /** Of the last entry of the log. */
  readonly last: number;
  /** It cannot be continued from the position: begin again from here. */
  readonly reset: ResetReason | undefined;
  /** Where the page begins. */
  readonly from: number;
  /** Up to here nothing is missing. Less than `last`: there is more. */
  readonly upTo: number;
  readonly entries: readonly LogEntry<Raw>[];
  /** Whether a target may have entries behind `from`, or have missed some, which a page without target does not tell. */
  concerns(target: string): boolean;
}

/** Reads up to `count` entries of the stream, and those for the target between them. */
export async function readPage<Raw>(
  { driver, keys, metaTtlMs }: LogContext,
  decode: Decode<Raw>,
  { start, target = '', count }: { start: Start; target?: string | undefined; count: number },
): Promise<Page<Raw>> {
  const where = typeof start === 'string' ? [start] : ['after', start.epoch, start.offset];
  const reply = await driver.run(
    READ,
    [keys.meta, keys.log, keys.inboxes, keys.inbox(target)],
    [newEpoch(), metaTtlMs, count, target, ...where],
    { replies: 'bytes' },
  );
  const [epochBytes, last, resetBytes, from, upTo, forgotten, page, inboxPage, changed] =
    reply as unknown as [
      Uint8Array,
      number,
      Uint8Array,
      number,
      number,
      number,
      StreamEntry[],
      Uint8Array[],
      Uint8Array[],
    ];
  const epoch = textOf(epochBytes);
  const entries = [
    ...page.map((entry) => fromStream(epoch, entry, decode)),
    ...inboxPage.flatMap((packed) => fromInbox(epoch, target, packed, decode)),
  ];
  if (inboxPage.length > 0) entries.sort((one, other) => one.offset - other.offset);
  const names = new Set(changed.map(textOf));
  const reset = textOf(resetBytes);
  return {
    epoch,
    last,
    reset: reset === '' ? undefined : (reset as ResetReason),
    from,
    upTo,
    entries,
    concerns: (name) => names.size > MOST_CHANGED || names.has(name) || from < forgotten,
  };
}

type StreamEntry = readonly [id: Uint8Array, fields: DriverReply<Uint8Array>[]];

function fromStream<Raw>(epoch: string, [id, fields]: StreamEntry, decode: Decode<Raw>): LogEntry<Raw> {
  const [, , , at, , exclude, ...rest] = fields as Uint8Array[];
  return makeEntry(
    {
      epoch,
      offset: Number.parseInt(textOf(id), 10),
      at: Number(textOf(at as Uint8Array)),
      target: '',
      exclude: textOf(exclude as Uint8Array),
      fields: rest,
    },
    decode,
  );
}

function fromInbox<Raw>(
  epoch: string,
  target: string,
  packed: Uint8Array,
  decode: Decode<Raw>,
): LogEntry<Raw>[] {
  const [offset, , at, ...fields] = unpack(packed) ?? [];
  if (offset === undefined || at === undefined) return [];
  return [
    makeEntry(
      { epoch, offset: Number(textOf(offset)), at: Number(textOf(at)), target, exclude: '', fields },
      decode,
    ),
  ];
}
