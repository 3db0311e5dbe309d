/** Lua: the server's clock, in microseconds and milliseconds since 1970, and whole numbers as text. */
export const CLOCK = `
local time = redis.call('TIME')
local us = time[1] * 1000000 + time[2]
local ms = math.floor(us / 1000)
local function int(number) return string.format('%.0f', number) end
`;
