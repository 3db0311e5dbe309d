import type { CommandSettings } from '../command.js';
import type { Connection } from '../connection.js';
import type { TopicKind } from '../topic.js';
import { pushCommand } from './push-command.js';
import type { TopicEntry } from './topic-entry.js';

/** What comes of commands, apart from the confirmations. */
export interface SubscribeOutcome {
  refused(entry: TopicEntry, error: Error): void;
  ended(entry: TopicEntry): void;
}

/** Names in one command. */
const CHUNK = 500;

const SUBSCRIBE: Readonly<Record<TopicKind, string>> = {
  channel: 'SUBSCRIBE',
  pattern: 'PSUBSCRIBE',
  shard: 'SSUBSCRIBE',
};
const UNSUBSCRIBE: Readonly<Record<TopicKind, string>> = {
  channel: 'UNSUBSCRIBE',
  pattern: 'PUNSUBSCRIBE',
  shard: 'SUNSUBSCRIBE',
};

/** They end with their reply or their connection. Whoever waits has a deadline of his own. */
const SETTINGS: CommandSettings = {
  timeoutMs: Number.POSITIVE_INFINITY,
  watch: undefined,
  replies: 'string',
  maps: 'map',
  retry: 'never',
};

/** Sends what topics need. Those of one tick share commands; shard channels, which may lie in different slots, do not. */
export class SubscribeWriter {
  readonly #outcome: SubscribeOutcome;
  readonly #connection: () => Connection | undefined;
  #subscribing: TopicEntry[] = [];
  #unsubscribing: TopicEntry[] = [];
  #scheduled = false;

  constructor(outcome: SubscribeOutcome, connection: () => Connection | undefined) {
    this.#outcome = outcome;
    this.#connection = connection;
  }

  subscribe(entry: TopicEntry): void {
    this.#subscribing.push(entry);
    this.#schedule();
  }

  unsubscribe(entry: TopicEntry): void {
    this.#unsubscribing.push(entry);
    this.#schedule();
  }

  /** Forgets what has not been sent: its connection is gone. */
  clear(): void {
    this.#subscribing = [];
    this.#unsubscribing = [];
  }

  readonly flush = (): void => {
    this.#scheduled = false;
    const subscribing = this.#subscribing;
    const unsubscribing = this.#unsubscribing;
    this.clear();
    for (const entries of chunks(subscribing)) this.#sendSubscribe(entries);
    for (const entries of chunks(unsubscribing)) this.#sendUnsubscribe(entries);
  };

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    process.nextTick(this.flush);
  }

  #sendSubscribe(entries: readonly TopicEntry[]): void {
    const attempt = this.#begin(entries);
    this.#send(SUBSCRIBE, entries).catch((error: Error) => {
      const open = entries.filter((entry) => entry.attempt === attempt);
      const [only] = open;
      if (entries.length === 1) {
        if (only !== undefined) this.#outcome.refused(only, error);
        // One that is refused takes the whole command with it: each of them by itself, then.
      } else for (const entry of open) this.#sendSubscribe([entry]);
    });
  }

  #sendUnsubscribe(entries: readonly TopicEntry[]): void {
    const attempt = this.#begin(entries);
    // Where it is refused, messages go on coming, to nobody.
    const ended = (): void => {
      for (const entry of entries) if (entry.attempt === attempt) this.#outcome.ended(entry);
    };
    this.#send(UNSUBSCRIBE, entries).then(ended, ended);
  }

  #begin(entries: readonly TopicEntry[]): object {
    const attempt = {};
    for (const entry of entries) entry.attempt = attempt;
    return attempt;
  }

  #send(names: Readonly<Record<TopicKind, string>>, entries: readonly TopicEntry[]): Promise<void> {
    const kind = (entries[0] as TopicEntry).kind;
    const args = [names[kind], ...entries.map(({ name }) => name)];
    return new Promise((resolve, reject) => {
      const command = pushCommand(args, SETTINGS, Number.POSITIVE_INFINITY, 0, resolve, reject);
      this.#connection()?.send(command);
    });
  }
}

function* chunks(entries: readonly TopicEntry[]): Iterable<readonly TopicEntry[]> {
  for (const kind of ['channel', 'pattern', 'shard'] as const) {
    const same = entries.filter((entry) => entry.kind === kind);
    const size = kind === 'shard' ? 1 : CHUNK;
    for (let at = 0; at < same.length; at += size) yield same.slice(at, at + size);
  }
}
