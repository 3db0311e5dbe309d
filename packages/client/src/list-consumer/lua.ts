/** `cut('1|2|raw', from)` gives what stands before the next bar, and where it goes on behind it. */
export const CUT = `
local function cut(text, from)
  local bar = string.find(text, '|', from, true)
  return string.sub(text, from, bar - 1), bar + 1
end
`;

/**
 * What becomes of an entry that is not acked: a member of the retry set, or a dead letter. A dead letter is
 * `seq|deliveries|ms|bytes of the reason|reason and raw`.
 */
export const GIVE_BACK = `
local function bury(key, most, seq, deliveries, reason, raw)
  redis.call('RPUSH', key, seq .. '|' .. deliveries .. '|' .. int(ms) .. '|' .. #reason .. '|' .. reason .. raw)
  if most > 0 then redis.call('LTRIM', key, -most, -1) end
end
local function give_back(retry, dead, limit, most, seq, deliveries, raw)
  if limit > 0 and deliveries >= limit then
    bury(dead, most, seq, deliveries, 'deliveries', raw)
  else
    redis.call('ZADD', retry, seq, seq .. '|' .. int(deliveries) .. '|' .. raw)
  end
end
`;
