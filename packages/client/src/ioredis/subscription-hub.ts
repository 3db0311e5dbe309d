import { type ClosedError, ConnectionLostError } from '../errors.js';
import type { ReplyError } from '../reply-error.js';
import type { Gap, Topic } from '../topic.js';
import type { Settings } from './ioredis-driver-options.js';
import type { Place, Router } from './router.js';
import { SubscriberLine } from './subscriber-line.js';
import { TopicEntry, type TopicListener, topicId } from './topic-entry.js';

/** The line of plain channels and patterns. */
const PLAIN = 'plain';
/**
 * How long a message may be on its way to the server that we listen to, in ms: from its publisher, and in a cluster from the
 * node that it was published at.
 */
const UNDER_WAY_MS = { server: 100, bus: 1_000 };
/** How often the slots are looked at after a node has ended subscriptions, before its connection is given up. */
const LOOKS = 20;
/** A subscription that was refused for now is asked for again after so many ms, any other one after so many. */
const SOON_MS = 100;
const REFUSED_MS = 5_000;
const FOR_NOW: ReadonlySet<string> = new Set([
  'MOVED',
  'ASK',
  'CLUSTERDOWN',
  'TRYAGAIN',
  'LOADING',
  'MASTERDOWN',
]);

export interface HubEvents {
  readonly onGap: (gap: Gap) => void;
  readonly onError: (error: unknown) => void;
}

interface Moving {
  /** When it was told first, in ms since 1970. */
  readonly since: number;
  /** How many have ended whose new node is not known. */
  channels: number;
}

/**
 * What is subscribed to, and over which connection. Plain channels and patterns share one connection, to any node; shard
 * channels have another one, in a cluster one to each node that has slots of theirs. On one connection ioredis would forget
 * the plain channels when its last shard channel is given up.
 */
export class SubscriptionHub {
  readonly #router: Router;
  readonly #settings: Settings;
  readonly #events: HubEvents;
  readonly #entries: Map<string, TopicEntry> = new Map();
  readonly #lines: Map<string, SubscriberLine> = new Map();
  /** Attempts to open a line since it was open last. */
  readonly #attempts: Map<string, number> = new Map();
  readonly #timers: Set<NodeJS.Timeout> = new Set();
  /** Lines of shard channels whose node has ended subscriptions, which ones is not known yet. */
  readonly #moving: Map<SubscriberLine, Moving> = new Map();
  /** The node of the plain line, present or last. */
  #plainNode: string | undefined;
  /** It has closed the connection, and may well take another one. */
  #plainAgain = false;
  #closed: ClosedError | undefined;

  constructor(router: Router, settings: Settings, events: HubEvents) {
    this.#router = router;
    this.#settings = settings;
    this.#events = events;
  }

  /** From now on this listener hears the topic. */
  join(topic: Topic, listener: TopicListener): TopicEntry {
    if (this.#closed !== undefined) throw this.#closed;
    let entry = new TopicEntry(topic);
    const known = this.#entries.get(entry.id);
    if (known !== undefined) entry = known;
    else {
      this.#entries.set(entry.id, entry);
      void this.#place(entry);
    }
    entry.listeners.add(listener);
    return entry;
  }

  /** From now on it does not. Resolves when the server has been told, if nobody else listens. */
  async leave(entry: TopicEntry, listener: TopicListener): Promise<void> {
    if (!entry.listeners.delete(listener) || entry.listeners.size > 0) return;
    if (this.#entries.get(entry.id) === entry) this.#entries.delete(entry.id);
    const { line } = entry;
    await line?.remove(entry);
    if (line !== undefined) this.#closeUnused(line);
  }

  /** Why there is no connection for a topic, as far as known. */
  problemOf({ line, problem }: TopicEntry): Error | undefined {
    return line?.isOpen === true ? undefined : (problem ?? this.#router.problem);
  }

  /** Nothing is read until the disposable is disposed, except by lines that are opened in the meantime. */
  pause(): Disposable {
    const resumes = Array.from(this.#lines.values(), (line) => line.pause());
    return {
      [Symbol.dispose]: () => {
        for (const resume of resumes.splice(0)) resume();
      },
    };
  }

  /** The slots may belong to other nodes by now. */
  refreshed(): void {
    const plain = this.#lines.get(PLAIN);
    if (plain !== undefined && !this.#router.isCurrent(plain.node)) {
      this.#lost(plain, new Error('its node is not a master any more'), 'moved');
      void plain.close(new Error('its node is not a master any more'));
    }
    for (const line of [...this.#lines.values()]) {
      // Nodes may tell what has been true before: a node that is one of the masters knows best what it has lost.
      if (line !== plain && (this.#moving.has(line) || !this.#router.isCurrent(line.node)))
        this.#moveAway(line);
    }
  }

  async close(cause: ClosedError): Promise<void> {
    this.#closed = cause;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const entry of this.#entries.values()) entry.refuse(cause);
    this.#entries.clear();
    const lines = [...this.#lines.values()];
    this.#lines.clear();
    await Promise.all(lines.map((line) => line.close(cause)));
  }

  async #place(entry: TopicEntry): Promise<void> {
    try {
      const key = entry.kind === 'shard' ? undefined : PLAIN;
      let line = key === undefined ? undefined : this.#lines.get(key);
      if (line === undefined) {
        const place = await this.#placeOf(entry);
        if (!this.#wants(entry)) return;
        line = this.#lineTo(place, key ?? shardKey(place.key));
      }
      line.add(entry);
    } catch (error) {
      this.#giveUp([entry], error as Error);
    }
  }

  async #placeOf({ kind, name }: TopicEntry): Promise<Place> {
    if (kind === 'shard') return this.#router.place(this.#router.slotOf([['SPUBLISH', name]]));
    const node = this.#plainNode;
    // Another node would give what it gets late from this one, and what has been heard already, once more.
    if (node !== undefined && this.#plainAgain && this.#router.isCurrent(node))
      return this.#router.placeAt(node);
    return this.#router.anyPlace(node);
  }

  /** It has no connection, and somebody still listens to it. */
  #wants(entry: TopicEntry): boolean {
    return entry.line === undefined && this.#entries.get(entry.id) === entry && this.#closed === undefined;
  }

  #lineTo(place: Place, key: string): SubscriberLine {
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const line: SubscriberLine = new SubscriberLine(
      place,
      key,
      {
        onMessage: (kind, name, channel, payload) =>
          this.#entries.get(topicId(kind, name))?.deliver(channel, payload, this.#events.onError),
        onOpen: () => void this.#attempts.delete(key),
        onConfirmed: (entry, askedAt) => this.#confirmed(entry, askedAt),
        onRefused: (entry, error) => this.#refused(line, entry, error),
        onMoved: () => void this.#moved(line),
        onEnd: (cause) => this.#lost(line, cause, 'connection'),
      },
      this.#settings,
    );
    this.#lines.set(key, line);
    if (key === PLAIN) this.#plainNode = place.key;
    return line;
  }

  #confirmed(entry: TopicEntry, askedAt: number): void {
    const gap = entry.confirm(askedAt);
    if (gap === undefined) return;
    this.#events.onGap(gap);
    entry.tellGap(gap, this.#events.onError);
  }

  #refused(line: SubscriberLine, entry: TopicEntry, error: ReplyError): void {
    line.forget(entry);
    entry.line = undefined;
    const forNow = FOR_NOW.has(error.code);
    // ioredis tells this twice.
    if (this.#router.redirected(error) !== undefined) this.#settleMoving(line, 1);
    if (!forNow) {
      entry.refuse(error);
      const restored = [...entry.listeners].some(({ confirmed }) => confirmed);
      if (!restored) return;
      this.#events.onError(error);
    }
    this.#later(forNow ? SOON_MS : REFUSED_MS, () => this.#replace([entry]));
  }

  #lost(line: SubscriberLine, cause: Error, reason: Gap['reason']): void {
    if (this.#lines.get(line.key) !== line) return;
    this.#lines.delete(line.key);
    this.#moving.delete(line);
    if (line.key === PLAIN) this.#plainAgain = line.isOpen && !line.isSilent;
    const entries = [...line.entries];
    const bus = line.key === PLAIN && this.#router.topology === 'cluster';
    const from = line.wholeUntil - (bus ? UNDER_WAY_MS.bus : UNDER_WAY_MS.server);
    for (const entry of entries) entry.lose(from, reason, cause);
    if (entries.length === 0) return;
    const attempt = (this.#attempts.get(line.key) ?? 0) + 1;
    this.#attempts.set(line.key, attempt);
    const delay = this.#router.retryDelay(attempt);
    if (delay === undefined) this.#giveUp(entries, cause);
    else
      this.#later(delay, () => {
        void this.#router.refresh();
        this.#replace(entries);
      });
  }

  /** A node has ended a subscription. Which one is seen when it is known what slots it has lost. */
  async #moved(line: SubscriberLine): Promise<void> {
    const known = this.#moving.get(line);
    if (known !== undefined) {
      known.channels++;
      return;
    }
    const moving: Moving = { since: Date.now(), channels: 1 };
    this.#moving.set(line, moving);
    // It is `refreshed` that moves them.
    for (let look = 0; look < LOOKS && this.#moving.get(line) === moving; look++)
      await this.#router.refresh();
    if (this.#moving.get(line) !== moving) return;
    this.#moving.delete(line);
    const cause = new Error('its node has ended subscriptions');
    this.#lost(line, cause, 'moved');
    void line.close(cause);
  }

  /** Takes shard channels to the nodes that have their slots. */
  #moveAway(line: SubscriberLine): void {
    const gone = [...line.entries].filter(({ kind, name }) => {
      if (kind !== 'shard') return false;
      const node = this.#router.nodeKeyOf(this.#router.slotOf([['SPUBLISH', name]]));
      return node !== undefined && shardKey(node) !== line.key;
    });
    if (gone.length === 0) return;
    const from = (this.#moving.get(line)?.since ?? line.wholeUntil) - UNDER_WAY_MS.server;
    for (const entry of gone) {
      line.forget(entry);
      entry.lose(from, 'moved');
    }
    this.#settleMoving(line, gone.length);
    this.#closeUnused(line);
    this.#replace(gone);
  }

  #settleMoving(line: SubscriberLine, channels: number): void {
    const moving = this.#moving.get(line);
    if (moving === undefined) return;
    moving.channels -= channels;
    if (moving.channels <= 0) this.#moving.delete(line);
  }

  #replace(entries: readonly TopicEntry[]): void {
    for (const entry of entries) if (this.#wants(entry)) void this.#place(entry);
  }

  #giveUp(entries: readonly TopicEntry[], cause: Error): void {
    if (this.#closed !== undefined) return;
    for (const entry of entries) {
      entry.refuse(
        new ConnectionLostError({
          maybeExecuted: false,
          phase: 'connecting',
          command: 'the subscription',
          cause,
        }),
      );
    }
    this.#events.onError(cause);
  }

  #closeUnused(line: SubscriberLine): void {
    if (line.key === PLAIN || line.entries.size > 0 || this.#lines.get(line.key) !== line) return;
    this.#lines.delete(line.key);
    this.#moving.delete(line);
    void line.close(new Error('nobody needs it'));
  }

  #later(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, delayMs);
    this.#timers.add(timer);
  }
}

function shardKey(node: string): string {
  return `shard ${node}`;
}
