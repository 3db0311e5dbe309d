import { InvalidOptionError, type Topic } from '@redlane/client';
import type { ListenerKind } from './queue-options.js';
import type { ReceiveOptions } from './registration.js';
import { parseTopic, type TopicInput, topicId } from './topics.js';
import type { ChannelInput } from './typed-channel.js';

/** How a listener is registered. */
export interface ListenerOptions extends ReceiveOptions {
  /** Unregister it with its first message. @default false */
  readonly once?: boolean | undefined;
}

/** How a listener of a pattern or a shard channel is registered. */
export interface TopicListenerOptions extends Omit<ListenerOptions, 'replay'> {
  /** Whether its promise is waited for before its next message. @default 'sync' */
  readonly kind?: ListenerKind | undefined;
}

/** What `messages()` takes: a channel's name, a typed channel, or any topic; or several topics of text. */
export type MessagesInput<Received> = ChannelInput<never, Received> | TopicInput | readonly TopicInput[];

export interface CountOptions {
  /** Count shard channels. @default false */
  readonly sharded?: boolean | undefined;
}

/** The topics of what `messages()` takes, each once. @throws InvalidOptionError */
export function topicsOf<Received>(channel: MessagesInput<Received>): Topic[] {
  const isTyped = typeof channel === 'object' && 'codec' in channel;
  const inputs: readonly TopicInput[] = isTyped
    ? [channel.name]
    : Array.isArray(channel)
      ? channel
      : [channel as TopicInput];
  if (inputs.length === 0) throw new InvalidOptionError('channel', 'must name at least one channel');
  return [...new Map(inputs.map(parseTopic).map((topic) => [topicId(topic), topic])).values()];
}

/** @throws InvalidOptionError */
export function checkReplay(topics: readonly Topic[], { replay }: ReceiveOptions): void {
  if (replay === undefined || replay === false) return;
  if (replay !== true && typeof replay !== 'string')
    throw new InvalidOptionError('replay', 'must be true, false or the id of a durable message');
  if (topics.length > 1 || !('channel' in (topics[0] as Topic)))
    throw new InvalidOptionError(
      'replay',
      'is for a single channel, not for patterns, shard channels or several',
    );
}
