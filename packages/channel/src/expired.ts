import type { RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { unseal } from './envelope.js';

/** Whether the time of a message is not over. */
export type Live = (raw: Encoded) => boolean;

/** Those whose envelope cannot be read are live: whoever receives one is told. */
export function liveAt(now: number): Live {
  return (raw) => {
    try {
      const { header } = unseal(raw);
      return header?.ttl === undefined || now <= header.at + header.ttl;
    } catch {
      return true;
    }
  };
}

/** Lua: whether the time of a message is over, by its envelope. */
export const EXPIRED = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function expired(raw)
  if string.sub(raw, 1, 10) ~= 'redlane/1 ' then return false end
  local ok, header = pcall(cjson.decode, string.match(raw, '^[^\\n]*', 11))
  if not ok or type(header) ~= 'table' then return false end
  local at, ttl = header.at, header.ttl
  return type(at) == 'number' and type(ttl) == 'number' and now > at + ttl
end
`;

/** In one call; more would hold up other users of the server. */
export const MOST_EXPIRED = 1_000;

/** KEYS: list. Removes those at its head whose time is over, and gives how many. */
const SKIP = `${EXPIRED}
for skipped = 0, ${MOST_EXPIRED - 1} do
  local oldest = redis.call('LINDEX', KEYS[1], 0)
  if not oldest or not expired(oldest) then return skipped end
  redis.call('LPOP', KEYS[1])
end
return ${MOST_EXPIRED}
`;

/** Removes the messages at the head of a list whose time is over, many in one call. Gives how many. */
export async function skipExpired(driver: RedisDriver, list: string): Promise<number> {
  let count = 0;
  for (;;) {
    const skipped = Number(await driver.run(SKIP, [list], []));
    count += skipped;
    if (skipped < MOST_EXPIRED) return count;
  }
}
