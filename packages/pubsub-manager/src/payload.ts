import { type Codec, EncodeError } from '@redlane/client/codec';
import type { Raw } from './message-info.js';
import { name } from './option-checks.js';
import type { ChannelInput, TypedChannel } from './typed-channel.js';

export function channelName(channel: ChannelInput<never, unknown>): string {
  return name(typeof channel === 'string' ? channel : channel?.name, 'channel');
}

export function codecOf(channel: ChannelInput<never, unknown>): Codec<never, unknown> | undefined {
  return typeof channel === 'string' ? undefined : channel.codec;
}

/** What goes over the wire. @throws EncodeError (`ENCODE_FAILED`) */
export async function encoded(channel: ChannelInput<never, unknown>, message: unknown): Promise<Raw> {
  if (typeof channel !== 'string') return (channel as TypedChannel<unknown>).codec.encode(message);
  if (typeof message === 'string' || message instanceof Uint8Array) return message;
  throw new EncodeError(
    `a channel by its name takes text or bytes, not ${typeof message}; make it a typedChannel for anything else`,
  );
}
