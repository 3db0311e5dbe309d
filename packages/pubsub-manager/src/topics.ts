import { InvalidOptionError, type Topic } from '@redlane/client';
import { name } from './option-checks.js';

/** A channel by its name, or any topic. */
export type TopicInput = string | Topic;

export function parseTopic(input: TopicInput): Topic {
  if (typeof input === 'string') return { channel: name(input, 'channel') };
  if (typeof input === 'object' && input !== null) {
    const names = Object.keys(input);
    const [kind] = names;
    if (names.length === 1 && (kind === 'channel' || kind === 'pattern' || kind === 'shard')) {
      return { [kind]: name((input as Record<string, unknown>)[kind], kind) } as unknown as Topic;
    }
  }
  throw new InvalidOptionError('channel', "must be a channel's name, { channel }, { pattern } or { shard }");
}

/** The name of a channel, pattern or shard channel. */
export function nameOf(topic: Topic): string {
  return 'channel' in topic ? topic.channel : 'pattern' in topic ? topic.pattern : topic.shard;
}

/** The same for equal topics. */
export function topicId(topic: Topic): string {
  return `${'channel' in topic ? 'channel' : 'pattern' in topic ? 'pattern' : 'shard'} ${nameOf(topic)}`;
}
