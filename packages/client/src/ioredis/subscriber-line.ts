import { DeadlineTimer } from '../deadline-timer.js';
import type { ReplyError } from '../reply-error.js';
import type { TopicKind } from '../topic.js';
import { Duplicate } from './duplicate.js';
import { isServerError, serverError } from './raw-reply.js';
import type { Place } from './router.js';
import type { TopicEntry } from './topic-entry.js';

/** While messages come, a PING tells every so many ms that none is missing before them. */
const MARK_MS = 500;
/** Channels in one SUBSCRIBE. */
const AT_ONCE = 200;

const COMMANDS: Readonly<Record<TopicKind, { readonly subscribe: string; readonly unsubscribe: string }>> = {
  // In lower case: that is how ioredis keeps count of them.
  channel: { subscribe: 'subscribe', unsubscribe: 'unsubscribe' },
  pattern: { subscribe: 'psubscribe', unsubscribe: 'punsubscribe' },
  shard: { subscribe: 'ssubscribe', unsubscribe: 'sunsubscribe' },
};

export interface LineEvents {
  readonly onMessage: (kind: TopicKind, name: string, channel: string, payload: Buffer) => void;
  readonly onOpen: () => void;
  /** `askedAt`: when the server was asked, in ms since 1970. */
  readonly onConfirmed: (entry: TopicEntry, askedAt: number) => void;
  readonly onRefused: (entry: TopicEntry, error: ReplyError) => void;
  /** The server has ended subscriptions to shard channels, or pointed to another node. */
  readonly onMoved: () => void;
  /** The connection could not be made, or is gone. Called once. */
  readonly onEnd: (cause: Error) => void;
}

/** One connection for subscriptions, until it is lost. It never comes back: its topics get another line. */
export class SubscriberLine {
  readonly key: string;
  /** Key of its node in a cluster. */
  readonly node: string;
  readonly entries: Set<TopicEntry> = new Set();
  readonly #events: LineEvents;
  readonly #closing: AbortController = new AbortController();
  /** Who waits for an UNSUBSCRIBE, until that or the connection is over. */
  readonly #leaving: Set<() => void> = new Set();
  readonly #watch: DeadlineTimer;
  #duplicate: Duplicate | undefined;
  #ended = false;
  #heardAt = Date.now();
  #markedAt = 0;
  #wholeUntil = 0;
  #pinged = false;
  #silent = false;
  #pauses = 0;

  constructor(place: Place, key: string, events: LineEvents, checks: Checks) {
    this.key = key;
    this.node = place.key;
    this.#events = events;
    this.#watch = new DeadlineTimer(() => this.#look(checks), { unref: true });
    void this.#open(place, checks);
  }

  /**
   * Everything that was published until then has come, in ms since 1970. A message does not say that none is missing before
   * it; the answer to a command does, of what was there when that was sent.
   */
  get wholeUntil(): number {
    return this.#wholeUntil;
  }

  /** It was given up since nothing came any more. */
  get isSilent(): boolean {
    return this.#silent;
  }

  /** It can be asked: something may be on its way to the server. */
  get isOpen(): boolean {
    return this.#duplicate !== undefined;
  }

  add(entry: TopicEntry): void {
    entry.line = this;
    this.entries.add(entry);
    if (this.#duplicate !== undefined) this.#subscribe([entry]);
  }

  /** Lets go of a topic; the server is not told. */
  forget(entry: TopicEntry): void {
    this.entries.delete(entry);
  }

  /** Unsubscribes; resolves when the server has confirmed, or the connection is gone. */
  async remove(entry: TopicEntry): Promise<void> {
    this.entries.delete(entry);
    const instance = this.#duplicate?.instance;
    if (instance === undefined) return;
    await new Promise<void>((resolve) => {
      this.#leaving.add(resolve);
      instance
        .call(COMMANDS[entry.kind].unsubscribe, [entry.name])
        .then(this.#heard, () => undefined)
        .finally(() => {
          this.#leaving.delete(resolve);
          resolve();
        });
    });
  }

  /** Reads nothing until every function that this has returned was called. */
  pause(): () => void {
    if (this.#pauses++ === 0) this.#duplicate?.instance.stream?.pause();
    return () => {
      if (--this.#pauses > 0) return;
      // What was owed meanwhile may come now.
      this.#heardAt = Date.now();
      this.#duplicate?.instance.stream?.resume();
    };
  }

  async close(cause: Error): Promise<void> {
    this.#ended = true;
    this.#watch.clear();
    this.#closing.abort(cause);
    for (const resolve of this.#leaving) resolve();
    await this.#duplicate?.close();
  }

  async #open(place: Place, { pingIntervalMs }: Checks): Promise<void> {
    let duplicate: Duplicate;
    try {
      duplicate = await Duplicate.open(place.seed, this.#closing.signal);
    } catch (error) {
      this.#end(error as Error);
      return;
    }
    if (this.#ended) {
      void duplicate.close();
      return;
    }
    this.#duplicate = duplicate;
    this.#listen(duplicate);
    this.#heard();
    this.#watch.by(performance.now() + pingIntervalMs);
    this.#events.onOpen();
    this.#subscribe([...this.entries]);
    duplicate.onLost((cause) => this.#end(cause));
  }

  #listen({ instance }: Duplicate): void {
    const { onMessage, onMoved } = this.#events;
    const tell = (kind: TopicKind, name: string, channel: string, payload: Buffer | null): void => {
      this.#heardAt = Date.now();
      if (this.#heardAt - this.#markedAt >= MARK_MS) this.#ping();
      if (!this.#ended) onMessage(kind, name, channel, payload ?? Buffer.alloc(0));
    };
    instance.on('messageBuffer', (channel: Buffer, payload: Buffer) => {
      const name = channel.toString();
      tell('channel', name, name, payload);
    });
    instance.on('pmessageBuffer', (pattern: Buffer | string, channel: Buffer, payload: Buffer) =>
      tell('pattern', pattern.toString(), channel.toString(), payload),
    );
    instance.on('smessageBuffer', (channel: Buffer, payload: Buffer) => {
      const name = channel.toString();
      tell('shard', name, name, payload);
    });
    instance.on('moved', () => {
      if (!this.#ended) onMoved();
    });
  }

  #subscribe(entries: readonly TopicEntry[]): void {
    for (const kind of ['channel', 'pattern', 'shard'] as const) {
      const group = entries.filter((entry) => entry.kind === kind);
      // Shard channels of several slots cannot share a command.
      const size = kind === 'shard' ? 1 : AT_ONCE;
      for (let from = 0; from < group.length; from += size) {
        void this.#confirm(kind, group.slice(from, from + size));
      }
    }
  }

  async #confirm(kind: TopicKind, entries: readonly TopicEntry[]): Promise<void> {
    const instance = this.#duplicate?.instance;
    if (instance === undefined) return;
    const askedAt = Date.now();
    try {
      await instance.call(
        COMMANDS[kind].subscribe,
        entries.map(({ name }) => name),
      );
    } catch (error) {
      // Whatever else it is, the end of the connection comes with it.
      if (!isServerError(error) || this.#ended) return;
      this.#heard();
      const [only, ...others] = entries;
      if (only === undefined) return;
      // One that is not allowed must not take the others along.
      if (others.length > 0) for (const entry of entries) void this.#confirm(kind, [entry]);
      else if (this.entries.has(only))
        this.#events.onRefused(only, serverError(error, COMMANDS[kind].subscribe.toUpperCase()));
      return;
    }
    if (this.#ended) return;
    this.#heard();
    for (const entry of entries) if (this.entries.has(entry)) this.#events.onConfirmed(entry, askedAt);
  }

  readonly #heard = (): void => {
    this.#heardAt = Date.now();
    this.#pinged = false;
  };

  #ping(): void {
    if (this.#pinged || this.#duplicate === undefined) return;
    this.#pinged = true;
    const askedAt = Date.now();
    this.#markedAt = askedAt;
    const answered = (): void => {
      this.#heard();
      this.#wholeUntil = askedAt;
    };
    this.#duplicate.instance.call('ping', []).then(answered, () => undefined);
  }

  #end(cause: Error): void {
    if (this.#ended) return;
    void this.close(cause);
    this.#events.onEnd(cause);
  }

  /** Returns when to look again. */
  #look({ pingIntervalMs, silenceTimeoutMs }: Checks): number {
    const now = performance.now();
    // It cannot be heard while it is not read.
    const silentMs = this.#pauses > 0 ? 0 : Date.now() - this.#heardAt;
    if (this.#pinged && silentMs >= silenceTimeoutMs) {
      this.#silent = true;
      this.#end(new Error(`the server sent nothing for ${silentMs} ms`));
      return Number.POSITIVE_INFINITY;
    }
    if (silentMs >= pingIntervalMs) this.#ping();
    return now + Math.min(pingIntervalMs, silenceTimeoutMs);
  }
}

export interface Checks {
  readonly pingIntervalMs: number;
  readonly silenceTimeoutMs: number;
}
