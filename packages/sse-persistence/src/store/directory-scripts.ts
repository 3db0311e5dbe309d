/** `now`: the server's clock, in ms. `num`: without an exponent. */
const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function num(n) return string.format('%.0f', n) end
`;

/** KEYS of all: listeners, pos, seen, who, stopped. ARGV of all: 1 time to live, 2 node, 3 for how long one is present. */
const HEAD = `${CLOCK}
local listeners, pos, seen, who, stopped = unpack(KEYS, 1, 5)
local ttl, node, presence = unpack(ARGV, 1, 3)
local function keep() for i = 1, 4 do redis.call('PEXPIRE', KEYS[i], ttl) end end
local function barred(member) return tonumber(redis.call('ZSCORE', stopped, member) or 0) > now end
local function present(listener) return tonumber(redis.call('ZSCORE', seen, listener) or 0) > now end
`;

/** ARGV: 4 listener, 5 row, 6 position or ''. */
export const REGISTER: string = `${HEAD}
redis.call('HSETNX', listeners, ARGV[4], ARGV[5])
if ARGV[6] ~= '' then redis.call('HSETNX', pos, ARGV[4], ARGV[6]) end
redis.call('ZADD', seen, 'NX', num(now), ARGV[4])
redis.call('ZREM', stopped, ARGV[4])
keep()
`;

/** KEYS: 6 inbox. ARGV: 4 listener, 5 for how long it is stopped, 6 topic. */
export const REMOVE: string = `${HEAD}
local known = redis.call('HDEL', listeners, ARGV[4])
redis.call('HDEL', pos, ARGV[4])
redis.call('HDEL', who, ARGV[4])
redis.call('ZREM', seen, ARGV[4])
redis.call('UNLINK', KEYS[6])
redis.call('ZREMRANGEBYSCORE', stopped, '-inf', num(now))
redis.call('ZADD', stopped, num(now + ARGV[5]), ARGV[4])
redis.call('PEXPIRE', stopped, ttl)
redis.call('PUBLISH', ARGV[6], 'stopped:' .. ARGV[4])
return known
`;

/** ARGV: 4 listener or '', 5 policy, 6 row, 7 topic. Gives what is to be done, and the position. */
export const ADMIT: string = `${HEAD}
local listener, policy, row, topic = unpack(ARGV, 4, 7)
if barred('') then return {'stopped'} end
if listener == '' then return {'admitted'} end
if barred(listener) then return {'stopped'} end
local owner = present(listener) and redis.call('HGET', who, listener)
local elsewhere = owner and owner ~= node
if elsewhere and policy == 'refuse' then return {'busy'} end
if elsewhere and policy == 'take-over' then redis.call('PUBLISH', topic, 'taken:' .. node .. ':' .. listener) end
if not elsewhere or policy ~= 'share' then redis.call('HSET', who, listener, node) end
redis.call('HSETNX', listeners, listener, row)
redis.call('ZADD', seen, num(now + presence), listener)
keep()
return {'admitted', redis.call('HGET', pos, listener)}
`;

const SWEPT_AT_ONCE = 100;

/** ARGV: from 4 on a listener, and whether it is shared, in turn. Also forgets who has not been seen for long. */
export const TOUCH: string = `${HEAD}
local takenOver, ended = {}, {}
for i = 4, #ARGV, 2 do
  local listener, shared = ARGV[i], ARGV[i + 1] == '1'
  local owner = redis.call('HGET', who, listener)
  if barred(listener) then ended[#ended + 1] = listener
  elseif owner and owner ~= node and not shared and present(listener) then takenOver[#takenOver + 1] = listener
  else
    if not owner or not shared then redis.call('HSET', who, listener, node) end
    redis.call('ZADD', seen, num(now + presence), listener)
  end
end
local old = redis.call('ZRANGEBYSCORE', seen, '-inf', num(now - ttl), 'LIMIT', 0, ${SWEPT_AT_ONCE})
if #old > 0 then
  redis.call('ZREM', seen, unpack(old))
  for i = 1, 4 do if i ~= 3 then redis.call('HDEL', KEYS[i], unpack(old)) end end
end
keep()
return {takenOver, ended, barred('') and 1 or 0}
`;

/** ARGV: from 4 on listeners. */
export const RELEASE: string = `${HEAD}
for i = 4, #ARGV do
  if redis.call('HGET', who, ARGV[i]) == node then
    redis.call('HDEL', who, ARGV[i])
    redis.call('ZADD', seen, 'XX', num(now), ARGV[i])
  end
end
`;

/** ARGV: from 4 on listener and position in turn. A position does not go back in the same life of the log. */
export const SAVE_POSITIONS: string = `${HEAD}
for i = 4, #ARGV, 2 do
  local epoch, offset = string.match(ARGV[i + 1], '^(.*)%.(%d+)$')
  local known, before = string.match(redis.call('HGET', pos, ARGV[i]) or '', '^(.*)%.(%d+)$')
  if redis.call('HEXISTS', listeners, ARGV[i]) == 1 and (known ~= epoch or tonumber(before) < tonumber(offset)) then
    redis.call('HSET', pos, ARGV[i], ARGV[i + 1])
  end
end
keep()
`;

/** ARGV: 4 listener or '' for all, 5 for how long, 6 topic. */
export const STOP: string = `${HEAD}
redis.call('ZREMRANGEBYSCORE', stopped, '-inf', num(now))
redis.call('ZADD', stopped, num(now + ARGV[5]), ARGV[4])
redis.call('PEXPIRE', stopped, ttl)
redis.call('PUBLISH', ARGV[6], 'stopped:' .. ARGV[4])
`;

/** Who is present. */
export const PRESENT: string = `${HEAD}
return redis.call('ZRANGEBYSCORE', seen, '(' .. num(now), '+inf')
`;
