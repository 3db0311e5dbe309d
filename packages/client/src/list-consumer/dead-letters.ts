import { CUT } from './lua.js';
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

/** KEYS: dead, retry. ARGV: how many at most. */
const REDRIVE = `${CUT}
local letters = redis.call('LPOP', KEYS[1], ARGV[1])
if not letters then return 0 end
for _, letter in ipairs(letters) do
  local seq, deliveries, at, size, from
  seq, from = cut(letter, 1)
  deliveries, from = cut(letter, from)
  at, from = cut(letter, from)
  size, from = cut(letter, from)
  redis.call('ZADD', KEYS[2], seq, seq .. '|0|' .. string.sub(letter, from + size))
end
return #letters
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
export async function redriveDeadLetters({ driver, keys }: ConsumerContext, max: number): Promise<number> {
  return (await driver.run(REDRIVE, [keys.dead, keys.retry], [max])) as number;
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
