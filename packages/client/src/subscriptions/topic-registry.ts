import type { ReplyMode, RespPush } from '@redlane/resp3-core';
import { Backoff } from '../backoff.js';
import type { Connection } from '../connection.js';
import type { Engine } from '../engine.js';
import { ClosedError } from '../errors.js';
import type { Gap, TopicKind } from '../topic.js';
import { CALLBACK_WARNING, deliver } from './deliver.js';
import { DeliveryMark } from './delivery-mark.js';
import { epochMs } from './epoch-ms.js';
import { callIsolated } from './isolated-call.js';
import { Listener, type ListenerParts } from './listener.js';
import { SubscribeWriter } from './subscribe-writer.js';
import { SubscriberLink } from './subscriber-link.js';
import { textOf } from './text-of.js';
import type { TopicEntry } from './topic-entry.js';
import { type TopicEvent, topicStep } from './topic-machine.js';
import { TopicTable } from './topic-table.js';

/** Code of the warning for a subscription that the server does not give back. */
const REFUSED_WARNING = 'REDLANE_SUBSCRIPTION_REFUSED';

/**
 * All topics that somebody wants, who wants them, and where they stand on the present connection. Every connection gets
 * them before anything else, and brings a gap for each that was active before.
 */
export class TopicRegistry {
  readonly #engine: Engine;
  readonly #topics: TopicTable = new TopicTable();
  readonly #writer: SubscribeWriter;
  readonly #link: SubscriberLink;
  readonly #onGap: (gap: Gap) => void;
  #bytesListeners = 0;
  readonly #mark: DeliveryMark;
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
    this.#mark = new DeliveryMark(engine.options);
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
          return registry.#topics.size > 0;
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
    return this.#topics.count(kind);
  }

  /** Adds a subscriber; it is told of the confirmation, at once when there has been one. */
  add(parts: ListenerParts): Listener {
    const listener = new Listener(parts);
    const entry = this.#topics.get(parts.topic) ?? this.#topics.create(parts.topic);
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
    const entry = this.#topics.get(listener.parts.topic);
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

  /** The connection is not read until nobody asks for that any more. */
  pause(by: object): void {
    this.#mark.pause(this.#link.connection, by);
  }

  resume(by: object): void {
    this.#mark.resume(this.#link.connection, by);
  }

  /** A push has come on some connection of the client. */
  take(push: RespPush, connection: Connection): void {
    // Those that are not ours any more may still say something.
    if (connection !== this.#link.connection) return;
    const { data } = push;
    switch (push.pushType) {
      case 'message':
        this.#message(this.#topics.find('channel', data[0]), undefined, data[1], connection);
        break;
      case 'pmessage':
        this.#message(this.#topics.find('pattern', data[0]), data[1], data[2], connection);
        break;
      case 'smessage':
        this.#message(this.#topics.find('shard', data[0]), undefined, data[1], connection);
        break;
      case 'subscribe':
        this.#confirmed(this.#topics.find('channel', data[0]));
        break;
      case 'psubscribe':
        this.#confirmed(this.#topics.find('pattern', data[0]));
        break;
      case 'ssubscribe':
        this.#confirmed(this.#topics.find('shard', data[0]));
        break;
      case 'unsubscribe':
        this.#withdrawn(this.#topics.find('channel', data[0]), connection);
        break;
      case 'punsubscribe':
        this.#withdrawn(this.#topics.find('pattern', data[0]), connection);
        break;
      case 'sunsubscribe':
        this.#withdrawn(this.#topics.find('shard', data[0]), connection);
        break;
    }
  }

  /** `from` is the channel that a pattern's message was published to. */
  #message(entry: TopicEntry | undefined, from: unknown, payload: unknown, connection: Connection): void {
    if (entry === undefined || !(typeof payload === 'string' || payload instanceof Uint8Array)) return;
    if (entry.kind === 'pattern') {
      const channel = textOf(from);
      if (channel === undefined) return;
      this.delivered += deliver(entry.live, { channel, payload, pattern: entry.name });
    } else this.delivered += deliver(entry.live, { channel: entry.name, payload });
    this.#mark.touch(connection);
  }

  #confirmed(entry: TopicEntry | undefined): void {
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

  #withdrawn(entry: TopicEntry | undefined, connection: Connection): void {
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
    for (const entry of this.#topics.list()) this.#step(entry, 'look');
    this.#writer.flush();
  }

  #lost(connection: Connection): void {
    this.#writer.clear();
    for (const entry of this.#topics.list()) {
      if (entry.state === 'active') {
        entry.openGap(wholeUntil(entry, connection), 'connection');
        this.#calmDown(entry);
      }
      entry.attempt = undefined;
      this.#step(entry, 'lost');
    }
  }

  #closed(cause: Error): void {
    for (const entry of this.#topics.list()) {
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
    // It may have been forgotten before, and another one be there.
    if (this.#topics.get(entry.topic) !== entry) return;
    this.#topics.delete(entry);
    if (this.#topics.size === 0) this.#link.release();
  }

  #warn({ kind, name }: TopicEntry, error: Error): void {
    process.emitWarning(
      `the subscription to the ${kind} ${JSON.stringify(name)} could not be restored, and is tried again: ${error.message}`,
      { code: REFUSED_WARNING },
    );
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
