import { type Topic, type TopicKind, topicKind, topicName } from '../topic.js';
import { textOf } from './text-of.js';
import { TopicEntry } from './topic-entry.js';

/** The topics that somebody wants, by kind and name. */
export class TopicTable {
  readonly #entries: Readonly<Record<TopicKind, Map<string, TopicEntry>>> = {
    channel: new Map(),
    pattern: new Map(),
    shard: new Map(),
  };

  get size(): number {
    return this.count('channel') + this.count('pattern') + this.count('shard');
  }

  count(kind: TopicKind): number {
    return this.#entries[kind].size;
  }

  get(topic: Topic): TopicEntry | undefined {
    return this.#entries[topicKind(topic)].get(topicName(topic));
  }

  /** The name is an element of a push: anything. */
  find(kind: TopicKind, name: unknown): TopicEntry | undefined {
    const text = typeof name === 'string' ? name : textOf(name);
    return text === undefined ? undefined : this.#entries[kind].get(text);
  }

  create(topic: Topic): TopicEntry {
    const entry = new TopicEntry(topic);
    this.#entries[entry.kind].set(entry.name, entry);
    return entry;
  }

  delete({ kind, name }: TopicEntry): void {
    this.#entries[kind].delete(name);
  }

  /** All of them, as they are now. */
  list(): TopicEntry[] {
    const { channel, pattern, shard } = this.#entries;
    return [...channel.values(), ...pattern.values(), ...shard.values()];
  }
}
