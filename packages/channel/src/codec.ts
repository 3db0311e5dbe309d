import { type Codec, type Encoded, json, type StandardSchema, withSchema } from '@redlane/client/codec';
import { checkFunction, checkOneOf, checkOptions } from './checks.js';

/** The codec of a channel, each direction checked by its schema. */
export interface ChannelCodec<Incoming, Outgoing> {
  readonly replies: 'string' | 'bytes';
  encode(value: Outgoing): Encoded | Promise<Encoded>;
  decode(raw: Encoded): Incoming | Promise<Incoming>;
}

/** @throws InvalidOptionError for what is no codec, and a schema that does not follow Standard Schema v1 */
export function channelCodec<Incoming, Outgoing>({
  codec = json<never>() as Codec<unknown> as Codec<Outgoing, Incoming>,
  incoming,
  outgoing,
}: {
  readonly codec?: Codec<Outgoing, Incoming> | undefined;
  readonly incoming?: StandardSchema<unknown, Incoming> | undefined;
  readonly outgoing?: StandardSchema<Outgoing> | undefined;
}): ChannelCodec<Incoming, Outgoing> {
  checkOptions(codec, 'codec');
  checkFunction(codec.encode, 'codec.encode');
  checkFunction(codec.decode, 'codec.decode');
  checkOneOf(codec.replies, 'codec.replies', ['string', 'bytes']);
  const reader = incoming === undefined ? codec : withSchema(codec as Codec<never, unknown>, incoming);
  const writer = outgoing === undefined ? codec : withSchema(codec as Codec<never, unknown>, outgoing);
  return {
    replies: codec.replies,
    encode: (value) => writer.encode(value),
    decode: (raw) => reader.decode(raw) as Incoming | Promise<Incoming>,
  };
}
