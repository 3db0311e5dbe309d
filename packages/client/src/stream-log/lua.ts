/**
 * A log that is known, or a new one. Without `meta` nothing tells where the rest belongs, so it goes. Gives epoch, last
 * offset, last offset of the stream, and the offset up to which targets may be
 * forgotten: that of the end, when the inboxes' own list was lost.
 */
export const ENSURE = `
local function ensure(meta, log, inboxes, candidate, ttl)
  local known = redis.call('HMGET', meta, 'e', 's', 'b', 'f', 'n')
  if known[1] then
    local last, forgotten = tonumber(known[2] or 0), tonumber(known[4] or 0)
    if known[5] and redis.call('EXISTS', inboxes) == 0 then
      forgotten = last
      redis.call('HDEL', meta, 'n')
      redis.call('HSET', meta, 'f', known[2])
    end
    return known[1], last, tonumber(known[3] or 0), forgotten
  end
  redis.call('DEL', meta, log, inboxes)
  redis.call('HSET', meta, 'e', candidate, 's', 0)
  redis.call('PEXPIRE', meta, ttl)
  return candidate, 0, 0, 0
end
`;

/** The first part of what `pack` has made, as a number, and the second. */
export const HEAD = `
local function head(packed)
  local numbers, at = {}, 1
  for i = 1, 2 do
    local colon = string.find(packed, ':', at, true)
    local size = tonumber(string.sub(packed, at, colon - 1))
    numbers[i] = tonumber(string.sub(packed, colon + 1, colon + size))
    at = colon + size + 1
  end
  return numbers[1], numbers[2]
end
`;
