import type { DriverReply } from '../driver.js';
import { CLOCK } from '../on-driver/clock.js';
import { ALONE_FROM, type ListEntry } from './entry.js';
import { CUT } from './lua.js';
import type { ConsumerContext } from './options.js';

/**
 * KEYS: source, staging, work, retry, state, consumers. ARGV: consumer, how many at most, number of the last claim whose
 * reply has come, ms to live. Takes what came back, then what a wait has staged, then the source.
 *
 * `claim:<consumer>` in the state is `number:base:count:seqs that came back` of the consumer's last claim. When the client
 * does not know it, its reply was lost, and the same is given again: so a claim can be repeated.
 */
const CLAIM = `${CLOCK}${CUT}
local id, room, number = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[5], 'seq', 'claim:' .. id)
local base = tonumber(known[1] or 0)
local lost = 0
if redis.call('ZADD', KEYS[6], int(ms + ARGV[4]), id) == 1 then lost = base end

if known[2] then
  local last, first, count, others = string.match(known[2], '^(%d+):(%d+):(%d+):(.*)$')
  if tonumber(last) > number then
    local back = {}
    local function again(seq)
      local held = redis.call('HGET', KEYS[3], seq)
      if not held then return end
      local deliveries, from = cut(held, 1)
      back[#back + 1] = tonumber(seq)
      back[#back + 1] = tonumber(deliveries)
      back[#back + 1] = string.sub(held, from)
    end
    for seq in string.gmatch(others, '%d+') do again(seq) end
    for i = 1, tonumber(count) do again(int(first + i)) end
    return {lost, tonumber(last), 0, {}, back}
  end
end

local back, seqs, fields = {}, {}, {}
for _, member in ipairs(redis.call('ZRANGE', KEYS[4], 0, room - 1)) do
  local seq, from = cut(member, 1)
  local before, rest = cut(member, from)
  local deliveries = before + 1
  local alone = deliveries >= ${ALONE_FROM}
  if alone and #seqs > 0 then
    room = #seqs
    break
  end
  local raw = string.sub(member, rest)
  seqs[#seqs + 1] = seq
  back[#back + 1] = tonumber(seq)
  back[#back + 1] = deliveries
  back[#back + 1] = raw
  fields[#fields + 1] = seq
  fields[#fields + 1] = int(deliveries) .. '|' .. raw
  if alone then
    room = 1
    break
  end
end
if #seqs > 0 then
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, #seqs - 1)
  room = room - #seqs
end

local taken = {}
for from = 1, 2 do
  local popped = room > 0 and redis.call('LPOP', KEYS[3 - from], room)
  if popped then
    for _, raw in ipairs(popped) do taken[#taken + 1] = raw end
    room = room - #popped
  end
end
if #taken == 0 and #seqs == 0 then return {lost, number, 0, taken, back} end

if us > base then base = us end
for i, raw in ipairs(taken) do
  fields[#fields + 1] = int(base + i)
  fields[#fields + 1] = '1|' .. raw
end
for i = 1, #fields, 1000 do
  redis.call('HSET', KEYS[3], unpack(fields, i, math.min(i + 999, #fields)))
end
redis.call('HSET', KEYS[5], 'seq', int(base + #taken),
  'claim:' .. id, int(number + 1) .. ':' .. int(base) .. ':' .. #taken .. ':' .. table.concat(seqs, ','))
return {lost, number + 1, base, taken, back}
`;

export interface Claim<Raw> {
  readonly entries: ListEntry<Raw>[];
  /** Entries up to this number were given to others, since this consumer counted as dead; 0: none. */
  readonly lostUpTo: number;
}

/** The claims of one consumer, one after the other. */
export class Claims<Raw> {
  readonly #context: ConsumerContext;
  readonly #keys: readonly string[];
  /** Of the last claim whose reply has come. */
  #number = 0;

  constructor(context: ConsumerContext) {
    const { id, source, keys } = context;
    this.#context = context;
    this.#keys = [source, keys.staging(id), keys.work(id), keys.retry, keys.state, keys.consumers];
  }

  /** Takes up to `max` entries. After a failure, the next call gives what this one may have taken. */
  async take(max: number): Promise<Claim<Raw>> {
    const { driver, id, deadAfterMs, replies } = this.#context;
    const args = [id, max, this.#number, deadAfterMs];
    const reply =
      replies === 'bytes'
        ? await driver.run(CLAIM, this.#keys, args, { replies: 'bytes' })
        : await driver.run(CLAIM, this.#keys, args);
    const [lostUpTo, number, base, taken, back] = reply as unknown as [
      number,
      number,
      number,
      readonly Raw[],
      readonly DriverReply<Raw>[],
    ];
    this.#number = number;
    const entries: ListEntry<Raw>[] = [];
    for (let i = 0; i < back.length; i += 3) {
      entries.push({ seq: back[i] as number, deliveries: back[i + 1] as number, raw: back[i + 2] as Raw });
    }
    for (const [i, raw] of taken.entries()) entries.push({ seq: base + i + 1, deliveries: 1, raw });
    return { entries, lostUpTo };
  }
}
