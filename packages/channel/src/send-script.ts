/**
 * KEYS: list. ARGV: ms to live, `persist` or nothing; most messages (0: no limit); policy; number of groups; of each group how
 * many messages it has, and for how many there must be room; messages. With the policy `wait` as many are sent as there is
 * room for, else a group whole or not at all. Gives of each group how many were sent and the length after it; then how many
 * old messages were dropped.
 */
export const SEND = `
local list, expiry, most, policy, groups = KEYS[1], ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local length, from, sent = redis.call('LLEN', list), 5 + 2 * groups, false
local replies = {}
for group = 1, groups do
  local size, need = tonumber(ARGV[3 + 2 * group]), tonumber(ARGV[4 + 2 * group])
  local count = size
  if most > 0 and policy == 'wait' then
    count = math.max(0, math.min(size, most - length))
  elseif most > 0 and policy == 'reject' and length + need > most then
    count = 0
  end
  if count > 0 then
    redis.call('RPUSH', list, unpack(ARGV, from, from + count - 1))
    length = length + count
    sent = true
  end
  replies[2 * group - 1] = count
  replies[2 * group] = length
  from = from + size
end
local dropped = 0
if most > 0 and length > most and policy == 'dropOldest' then
  dropped = length - most
  redis.call('LTRIM', list, -most, -1)
end
if sent and expiry == 'persist' then
  redis.call('PERSIST', list)
elseif sent and expiry ~= '' then
  redis.call('PEXPIRE', list, expiry)
end
replies[2 * groups + 1] = dropped
return replies
`;
