import { InvalidOptionError } from '@redlane/client';
import {
  type Codec,
  type JsonValue,
  json,
  type SchemaInput,
  type SchemaOutput,
  type StandardSchema,
  withSchema,
} from '@redlane/client/codec';
import type { Raw } from './message-info.js';
import { name } from './option-checks.js';

/** A channel, pattern or shard channel by name, and what its messages are. {@link typedChannel} makes one. */
export interface TypedChannel<Sent, Received = Sent> {
  readonly name: string;
  readonly codec: Codec<Sent, Received>;
}

/** A channel of text, or a typed one. */
export type ChannelInput<Sent, Received = Sent> = string | TypedChannel<Sent, Received>;

/** What can be published to it: text or bytes, or the values of a typed channel. */
export type SentTo<Channel> = Channel extends TypedChannel<infer Sent, unknown> ? Sent : Raw;

/**
 * A channel whose messages are values: JSON, unless a codec of `@redlane/client/codec` or of your own says otherwise, and
 * checked by a schema (zod, valibot, ArkType, …) both ways if there is one. Text that other clients publish in the same
 * form is understood, and they understand what is published here.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`)
 * @example
 * const orders = typedChannel('orders', { schema: z.object({ id: z.number() }) });
 * await client.registerListener((_, order) => console.log(order.id), orders);
 * await client.publish(orders, { id: 1 });
 */
export function typedChannel<Schema extends StandardSchema>(
  channel: string,
  options: { readonly schema: Schema; readonly codec?: Codec<never, unknown> | undefined },
): TypedChannel<SchemaInput<Schema>, SchemaOutput<Schema>>;
export function typedChannel<Sent, Received = Sent>(
  channel: string,
  options: { readonly codec: Codec<Sent, Received> },
): TypedChannel<Sent, Received>;
export function typedChannel<Value = JsonValue>(channel: string): TypedChannel<Value>;
export function typedChannel(
  channel: string,
  {
    codec = json() as unknown as Codec<never, unknown>,
    schema,
  }: { readonly codec?: Codec<never, unknown> | undefined; readonly schema?: StandardSchema } = {},
): TypedChannel<never, unknown> {
  if (typeof codec?.encode !== 'function' || typeof codec.decode !== 'function') {
    throw new InvalidOptionError('codec', 'must have encode and decode, as those of @redlane/client/codec');
  }
  const checked = schema === undefined ? codec : withSchema(codec, schema);
  return Object.freeze({ name: name(channel, 'channel'), codec: checked as Codec<never, unknown> });
}
