import type { DriverCommands, DriverReply, RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';

/** How a codec wants replies. */
type Replies = 'string' | 'bytes';

type Reply = DriverReply<Encoded>;

// What the overloads of a driver tell apart is known at run time only.
const OPTIONS: Readonly<Record<Replies, { readonly replies: 'bytes' }>> = {
  bytes: { replies: 'bytes' },
  string: { replies: 'string' as 'bytes' },
};

/** Sends a command whose reply has messages in it. */
export function sendFor(
  replies: Replies,
  to: Pick<DriverCommands, 'send'>,
  args: readonly (string | number)[],
): Promise<Reply> {
  return to.send(args, OPTIONS[replies]);
}

/** Runs a script whose reply has messages in it. */
export function runFor(
  replies: Replies,
  driver: Pick<RedisDriver, 'run'>,
  script: string,
  keys: readonly string[],
): Promise<Reply> {
  return driver.run(script, keys, [], OPTIONS[replies]);
}

/** A message as the codec wants it. */
export function encodedFor(replies: Replies, raw: Uint8Array): Encoded {
  return replies === 'bytes' ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString();
}
