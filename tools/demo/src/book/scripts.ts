/** Writes an order down, once. KEYS: order, totals, recent, open, outbox. ARGV: id, number, item, quantity, at, node, worker. */
export const PLACE = `
local order, totals, recent, open, outbox = unpack(KEYS)
local id, number, item, quantity, at, node, worker = unpack(ARGV)
if redis.call('EXISTS', order) == 0 then
  redis.call('HSET', order, 'id', id, 'number', number, 'item', item, 'quantity', quantity,
    'status', 'placed', 'at', at, 'node', node, 'worker', worker)
  redis.call('HINCRBY', totals, 'placed', 1)
  redis.call('RPUSH', recent, id)
  redis.call('LTRIM', recent, -200, -1)
  redis.call('ZADD', open, at, id)
  redis.call('ZADD', outbox, at, id)
end
return redis.call('HGETALL', order)`;

/**
 * Moves an order from one status to the next, unless somebody has done so already. KEYS: order, totals, open. ARGV: id, from,
 * to, at, worker. That a finished order is served is counted apart from the status, so that a mistake here would show.
 */
export const ADVANCE = `
local order, totals, open = unpack(KEYS)
local id, from, to, at, worker = unpack(ARGV)
if redis.call('HGET', order, 'status') == from then
  redis.call('HSET', order, 'status', to, 'at', at, 'worker', worker)
  if to == 'finished' then
    local served = redis.call('HINCRBY', order, 'served', 1)
    redis.call('HINCRBY', totals, served == 1 and 'finished' or 'duplicated', 1)
    redis.call('ZREM', open, id)
  else
    redis.call('ZADD', open, at, id)
  end
end
return redis.call('HGETALL', order)`;
