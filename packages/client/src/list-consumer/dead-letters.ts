import type { CommandArgument } from '@redlane/resp3-core';
import { CLOCK } from '../on-driver/clock.js';
import { CUT, GIVE_BACK } from './lua.js';
import type { ConsumerContext } from './options.js';

/** An element that is not delivered any more. */
export interface DeadLetter<Raw = Uint8Array> {
  readonly seq: number;
  /** How often it was delivered. */
  readonly deliveries: number;
  /** When it came here, in ms since 1970 by the server's clock. */
  readonly at: number;
  /** `deliveries` when there were too many, else what `nack` was told. */
  readonly reason: string;
  readonly raw: Raw;
}

/** Where a dead letter goes to be delivered again. */
export type RedriveInto = 'returned' | 'source';

/** KEYS: dead, retry, source. ARGV: how many at most, where to. */
const REDRIVE = `${CUT}
local letters = redis.call('LPOP', KEYS[1], ARGV[1])
if not letters then return 0 end
for i = 1, #letters do
  local letter = ARGV[2] == 'source' and letters[#letters + 1 - i] or letters[i]
  local seq, deliveries, at, size, from
  seq, from = cut(letter, 1)
  deliveries, from = cut(letter, from)
  at, from = cut(letter, from)
  size, from = cut(letter, from)
  local raw = string.sub(letter, from + size)
  if ARGV[2] == 'source' then
    redis.call('LPUSH', KEYS[3], raw)
  else
    redis.call('ZADD', KEYS[2], seq, seq .. '|0|' .. raw)
  end
end
return #letters
`;

/** KEYS: dead, state. ARGV: limit of dead letters, reason, element. */
const BURY = `${CLOCK}${GIVE_BACK}
local base = tonumber(redis.call('HGET', KEYS[2], 'seq') or 0)
if us > base then base = us end
redis.call('HSET', KEYS[2], 'seq', int(base + 1))
bury(KEYS[1], tonumber(ARGV[1]), int(base + 1), 1, ARGV[2], ARGV[3])
return 1
`;

const BAR = 0x7c;

/** Looks at dead letters, oldest first. */
export async function readDeadLetters(
  { driver, keys }: ConsumerContext,
  offset: number,
  count: number,
): Promise<DeadLetter[]> {
  const last = offset + count - 1;
  const letters = await driver.send(['LRANGE', keys.dead, offset, last], { replies: 'bytes' });
  return (letters as readonly Uint8Array[]).map(parseDeadLetter);
}

/** Has the oldest dead letters delivered again, before anything newer and uncounted. Returns how many. */
export async function redriveDeadLetters(
  { driver, keys, source }: ConsumerContext,
  max: number,
  into: RedriveInto,
): Promise<number> {
  return (await driver.run(REDRIVE, [keys.dead, keys.retry, source], [max, into])) as number;
}

/** Adds a dead letter that no consumer has claimed. */
export async function buryElement(
  { driver, keys, maxDeadLetters }: ConsumerContext,
  raw: CommandArgument,
  reason: string,
): Promise<void> {
  await driver.run(BURY, [keys.dead, keys.state], [maxDeadLetters, reason, raw]);
}

function parseDeadLetter(letter: Uint8Array): DeadLetter {
  let from = 0;
  const numbers: number[] = [];
  while (numbers.length < 4) {
    const bar = letter.indexOf(BAR, from);
    numbers.push(Number(textOf(letter.subarray(from, bar))));
    from = bar + 1;
  }
  const [seq = 0, deliveries = 0, at = 0, size = 0] = numbers;
  const reason = textOf(letter.subarray(from, from + size));
  return { seq, deliveries, at, reason, raw: letter.subarray(from + size) };
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
