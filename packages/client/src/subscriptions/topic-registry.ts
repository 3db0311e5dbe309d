import type { ReplyMode, RespPush, RespValue } from '@redlane/resp3-core';
import { Backoff } from '../backoff.js';
import type { Connection } from '../connection.js';
import type { Engine } from '../engine.js';
import { type ClientError, ClosedError } from '../errors.js';
import type { Gap, Message, Topic, TopicKind } from '../topic.js';
import { topicKind, topicName } from '../topic.js';
import { epochMs } from './epoch-ms.js';
import { callIsolated } from './isolated-call.js';
import { type AnyMessage, Listener, type ListenerParts } from './listener.js';
import { SubscribeWriter } from './subscribe-writer.js';
import { SubscriberLink } from './subscriber-link.js';
import { textOf } from './text-of.js';
import { TopicEntry } from './topic-entry.js';
import { type TopicEvent, topicStep } from './topic-machine.js';

/** Code of the warning for what a subscriber's callback throws. */
export const CALLBACK_WARNING = 'REDLANE_SUBSCRIPTION_CALLBACK';
/** Code of the warning for a subscription that the server does not give back. */
const REFUSED_WARNING = 'REDLANE_SUBSCRIPTION_REFUSED';
/** While messages come, a PING at least every so many ms shows that none of those before it is missing. */
const MARK_MS = 1_000;

/**
 * All topics that somebody wants, who wants them, and where they stand on the present connection. Every connection gets
 * them before anything else, and brings a gap for each that was active before.
 */
export class TopicRegistry {
  readonly #engine: Engine;
  readonly #entries: Readonly<Record<TopicKind, Map<string, TopicEntry>>> = {
    channel: new Map(),
    pattern: new Map(),
    shard: new Map(),
  };
  readonly #writer: SubscribeWriter;
  readonly #link: SubscriberLink;
  readonly #onGap: (gap: Gap) => void;
  #bytesListeners = 0;
  readonly #markMs: number;
  #markedAt = 0;
  /** Those who do not want to read. */
  readonly #pausing: Set<object> = new Set();
  #pauses = 0;
  /** Messages given to callbacks. */
  delivered = 0;

  /** `pushed` gets all that comes on a connection of the registry's own; `onGap` each gap of a topic, once. */
  constructor(
    engine: Engine,
    pushed: (push: RespPush, connection: Connection) => void,
    onGap: (gap: Gap) => void,
  ) {
    this.#engine = engine;
    this.#onGap = onGap;
    this.#markMs = Math.min(MARK_MS, engine.options.pingIntervalMs);
    this.#writer = new SubscribeWriter(
      {
        refused: (entry, error) => this.#refused(entry, error),
        ended: (entry) => this.#step(entry, 'ended'),
      },
      () => this.#link.connection,
    );
    const registry = this;
    this.#link = new SubscriberLink(
      engine,
      {
        get wanted() {
          return registry.#size > 0;
        },
        get replies() {
          return registry.replies;
        },
        opened: () => this.#opened(),
        lost: (connection) => this.#lost(connection),
        closed: (cause) => this.#closed(cause),
      },
      pushed,
    );
  }

  /** How messages have to be decoded for those who listen. */
  get replies(): ReplyMode {
    return this.#bytesListeners > 0 ? 'bytes' : 'string';
  }

  /** The connection that messages come on, while there is one. */
  get connection(): Connection | undefined {
    return this.#link.connection;
  }

  /** It is never shared with commands. */
  get dedicated(): boolean {
    return this.#link.dedicated;
  }

  count(kind: TopicKind): number {
    return this.#entries[kind].size;
  }

  /** Adds a subscriber; it is told of the confirmation, at once when there has been one. */
  add(parts: ListenerParts): Listener {
    const listener = new Listener(parts);
    const entry = this.#entryOf(parts.topic) ?? this.#create(parts.topic);
    this.#countBytes(listener, 1);
    if (entry.state === 'active') {
      entry.live = [...entry.live, listener];
      parts.onConfirmed();
    } else {
      entry.pending.add(listener);
      this.#link.need();
      this.#step(entry, 'look');
    }
    return listener;
  }

  /** Takes a subscriber out: from now on it is not called. Calls back when the server is done with it, too. */
  remove(listener: Listener, ended: () => void): void {
    const entry = this.#entryOf(listener.parts.topic);
    if (listener.ended || entry === undefined) {
      ended();
      return;
    }
    listener.ended = true;
    this.#countBytes(listener, -1);
    entry.remove(listener);
    this.#step(entry, 'look');
    entry.onceEnded(ended);
  }

  /** The connection is not read until nobody asks for that any more; one that takes its place is. */
  pause(by: object): void {
    this.#pausing.add(by);
    this.#pauses++;
    this.#link.connection?.pause();
  }

  resume(by: object): void {
    if (this.#pausing.delete(by) && this.#pausing.size === 0) this.#link.connection?.resume();
  }

  /** A push has come on some connection of the client. */
  take(push: RespPush, connection: Connection): void {
    // Those that are not ours any more may still say something.
    if (connection !== this.#link.connection) return;
    const { data } = push;
    switch (push.pushType) {
      case 'message':
        this.#message('channel', data[0], data[1], connection);
        break;
      case 'pmessage':
        this.#patternMessage(data[0], data[1], data[2], connection);
        break;
      case 'smessage':
        this.#message('shard', data[0], data[1], connection);
        break;
      case 'subscribe':
        this.#confirmed('channel', data[0]);
        break;
      case 'psubscribe':
        this.#confirmed('pattern', data[0]);
        break;
      case 'ssubscribe':
        this.#confirmed('shard', data[0]);
        break;
      case 'unsubscribe':
        this.#withdrawn('channel', data[0], connection);
        break;
      case 'punsubscribe':
        this.#withdrawn('pattern', data[0], connection);
        break;
      case 'sunsubscribe':
        this.#withdrawn('shard', data[0], connection);
        break;
    }
  }

  get #size(): number {
    return this.count('channel') + this.count('pattern') + this.count('shard');
  }

  #message(
    kind: TopicKind,
    name: RespValue | undefined,
    payload: RespValue | undefined,
    on: Connection,
  ): void {
    const channel = typeof name === 'string' ? name : textOf(name);
    const entry = channel === undefined ? undefined : this.#entries[kind].get(channel);
    if (entry === undefined) return;
    if (typeof payload === 'string') this.#hand(entry, { channel: channel as string, payload });
    else if (payload instanceof Uint8Array) this.#handBytes(entry, { channel: channel as string, payload });
    this.#mark(on);
  }

  #patternMessage(
    name: RespValue | undefined,
    from: RespValue | undefined,
    payload: RespValue | undefined,
    on: Connection,
  ): void {
    const pattern = typeof name === 'string' ? name : textOf(name);
    const channel = typeof from === 'string' ? from : textOf(from);
    if (pattern === undefined || channel === undefined) return;
    const entry = this.#entries.pattern.get(pattern);
    if (entry === undefined) return;
    if (typeof payload === 'string') this.#hand(entry, { channel, payload, pattern });
    else if (payload instanceof Uint8Array) this.#handBytes(entry, { channel, payload, pattern });
    this.#mark(on);
  }

  #hand(entry: TopicEntry, message: Message): void {
    const { live } = entry;
    let inBytes: AnyMessage | undefined;
    for (let i = 0; i < live.length; i++) {
      const listener = live[i] as Listener;
      if (listener.ended) continue;
      this.delivered++;
      if (!listener.parts.bytes) callIsolated(listener.parts.onMessage, message, CALLBACK_WARNING);
      else {
        // It has begun to listen after this was decoded.
        inBytes ??= { ...message, payload: Buffer.from(message.payload) };
        callIsolated(listener.parts.onMessage, inBytes, CALLBACK_WARNING);
      }
    }
  }

  #handBytes(entry: TopicEntry, message: Message<Uint8Array>): void {
    const { live } = entry;
    let inText: AnyMessage | undefined;
    for (let i = 0; i < live.length; i++) {
      const listener = live[i] as Listener;
      if (listener.ended) continue;
      this.delivered++;
      if (listener.parts.bytes) callIsolated(listener.parts.onMessage, message, CALLBACK_WARNING);
      else {
        inText ??= { ...message, payload: textOf(message.payload) as string };
        callIsolated(listener.parts.onMessage, inText, CALLBACK_WARNING);
      }
    }
  }

  /** Messages alone do not say that none is missing before them; an answered command does. */
  #mark(connection: Connection): void {
    const now = connection.lastReadAt;
    const markMs = this.#markMs;
    if (now - this.#markedAt < markMs || now - connection.wholeUntil < markMs) return;
    this.#markedAt = now;
    const pauses = this.#pauses;
    connection.exchange([['PING']], this.#engine.options.silenceTimeoutMs).catch((error: ClientError) => {
      // Messages come, but what we say is not heard.
      if (error.code === 'TIMEOUT' && pauses === this.#pauses) connection.destroy(error);
    });
  }

  #confirmed(kind: TopicKind, name: RespValue | undefined): void {
    const entry = this.#find(kind, name);
    if (entry?.state !== 'subscribing') return;
    entry.confirmedAt = performance.now();
    this.#step(entry, 'confirmed');
    // TypeScript does not see that the step has changed it.
    if ((entry.state as string) !== 'active') return;
    const gap = entry.closeGap();
    const before = entry.live;
    for (const { parts } of entry.promote()) parts.onConfirmed();
    if (gap === undefined) return;
    for (const { parts, ended } of before) {
      if (!ended && parts.onGap !== undefined) callIsolated(parts.onGap, gap, CALLBACK_WARNING);
    }
    this.#onGap(gap);
  }

  #withdrawn(kind: TopicKind, name: RespValue | undefined, connection: Connection): void {
    const entry = this.#find(kind, name);
    if (entry?.state !== 'active') return;
    entry.openGap(wholeUntil(entry, connection), 'moved');
    this.#calmDown(entry);
    this.#step(entry, 'withdrawn');
  }

  #refused(entry: TopicEntry, error: Error): void {
    for (const listener of [...entry.pending]) {
      this.#drop(entry, listener);
      listener.parts.onFailed(error);
    }
    if (entry.wanted && (entry.backoff?.attempts ?? 0) === 0) this.#warn(entry, error);
    this.#step(entry, 'refused');
  }

  #opened(): void {
    for (const entry of this.#all()) this.#step(entry, 'look');
    this.#writer.flush();
  }

  #lost(connection: Connection): void {
    this.#writer.clear();
    for (const entry of this.#all()) {
      if (entry.state === 'active') {
        entry.openGap(wholeUntil(entry, connection), 'connection');
        this.#calmDown(entry);
      }
      entry.attempt = undefined;
      this.#step(entry, 'lost');
    }
  }

  #closed(cause: Error): void {
    for (const entry of this.#all()) {
      const { live } = entry;
      const pending = [...entry.pending];
      for (const listener of [...pending, ...live]) this.#drop(entry, listener);
      this.#step(entry, 'lost');
      const closed = new ClosedError('client', { maybeExecuted: false, phase: 'queued', cause });
      for (const { parts } of pending) parts.onFailed(closed);
      for (const { parts } of live) parts.onClosed?.(cause);
    }
  }

  #drop(entry: TopicEntry, listener: Listener): void {
    listener.ended = true;
    this.#countBytes(listener, -1);
    entry.remove(listener);
  }

  #step(entry: TopicEntry, event: TopicEvent): void {
    const connected = this.#link.connection !== undefined;
    const { state, action } = topicStep(entry.state, event, entry.wanted, connected);
    entry.state = state;
    if (state !== 'waiting') {
      clearTimeout(entry.retryTimer);
      entry.retryTimer = undefined;
    }
    if (action === 'subscribe') this.#writer.subscribe(entry);
    else if (action === 'unsubscribe') this.#writer.unsubscribe(entry);
    else if (action === 'retryLater') this.#retryLater(entry);
    if (state === 'gone') this.#forget(entry);
    entry.wakeEndWaiters();
  }

  #retryLater(entry: TopicEntry): void {
    entry.backoff ??= new Backoff(this.#engine.options.reconnect);
    entry.retryTimer = setTimeout(() => this.#step(entry, 'retry'), entry.backoff.next());
    if (this.#engine.options.unref) entry.retryTimer.unref();
  }

  /** One that is taken away as soon as it is given comes back more and more slowly. */
  #calmDown({ backoff, confirmedAt }: TopicEntry): void {
    if (performance.now() - confirmedAt > this.#engine.options.reconnect.maxDelayMs) backoff?.reset();
  }

  #forget(entry: TopicEntry): void {
    if (this.#entries[entry.kind].get(entry.name) !== entry) return;
    this.#entries[entry.kind].delete(entry.name);
    if (this.#size === 0) this.#link.release();
  }

  #warn({ kind, name }: TopicEntry, error: Error): void {
    process.emitWarning(
      `the subscription to the ${kind} ${JSON.stringify(name)} could not be restored, and is tried again: ${error.message}`,
      { code: REFUSED_WARNING },
    );
  }

  #create(topic: Topic): TopicEntry {
    const entry = new TopicEntry(topic);
    this.#entries[entry.kind].set(entry.name, entry);
    return entry;
  }

  #entryOf(topic: Topic): TopicEntry | undefined {
    return this.#entries[topicKind(topic)].get(topicName(topic));
  }

  #find(kind: TopicKind, name: RespValue | undefined): TopicEntry | undefined {
    const text = textOf(name);
    return text === undefined ? undefined : this.#entries[kind].get(text);
  }

  #all(): TopicEntry[] {
    const { channel, pattern, shard } = this.#entries;
    return [...channel.values(), ...pattern.values(), ...shard.values()];
  }

  #countBytes({ parts }: Listener, by: 1 | -1): void {
    if (!parts.bytes) return;
    const before = this.replies;
    this.#bytesListeners += by;
    if (this.replies !== before) this.#link.changeReplies();
  }
}

/** The last moment for which the subscription is known to have been whole, in ms since 1970. */
function wholeUntil({ confirmedAt }: TopicEntry, connection: Connection): number {
  return epochMs(Math.max(confirmedAt, connection.wholeUntil));
}
