import { InvalidOptionError } from '../errors.js';
import type { Topic } from '../topic.js';

/** A topic, or a channel's name. */
export type TopicInput = string | Topic;

const KINDS = ['channel', 'pattern', 'shard'] as const;

/**
 * The topic that is meant, as an object of our own.
 *
 * @throws {@link InvalidOptionError} (`INVALID_OPTION`)
 */
export function parseTopic(input: TopicInput): Topic {
  const given: unknown = input;
  if (typeof given === 'string') return { channel: checkName(given) };
  if (typeof given === 'object' && given !== null) {
    const kinds = KINDS.filter((kind) => Object.hasOwn(given, kind));
    const [kind] = kinds;
    if (kind !== undefined && kinds.length === 1) {
      return { [kind]: checkName((given as Record<string, unknown>)[kind]) } as unknown as Topic;
    }
  }
  throw new InvalidOptionError(
    'topic',
    'must be the name of a channel, or one of { channel }, { pattern }, { shard }',
  );
}

function checkName(name: unknown): string {
  // The server would see another name, and confirm that.
  if (typeof name === 'string' && !/\p{Surrogate}/u.test(name)) return name;
  const problem =
    typeof name === 'string' ? 'half of a surrogate pair, which no encoding has' : `a ${typeof name}`;
  throw new InvalidOptionError('topic', `must be text; it has ${problem}`);
}
