import { type Gap, type Topic, type TopicKind, topicKind, topicName } from '../topic.js';
import type { SubscriberLine } from './subscriber-line.js';

/** One subscription of a user. */
export interface TopicListener {
  readonly deliver: (channel: string, payload: Buffer, pattern: string | undefined) => void;
  readonly onGap: ((gap: Gap) => void) | undefined;
  /** Its user has been told that it is subscribed. */
  confirmed: boolean;
}

/** A topic that somebody wants. */
export class TopicEntry {
  readonly topic: Topic;
  readonly kind: TopicKind;
  readonly name: string;
  readonly listeners: Set<TopicListener> = new Set();
  /** Those who wait for the confirmation. */
  readonly waiters: Set<{ resolve(): void; reject(error: Error): void }> = new Set();
  /** The connection that is responsible for it. */
  line: SubscriberLine | undefined;
  /** When the server was asked for what it has confirmed, in ms since 1970; `undefined` when it has not. */
  activeSince: number | undefined;
  /** What has ended its connection, or kept it from coming up, since the server confirmed it last. */
  problem: Error | undefined;
  /** It was whole until then, and is not yet again. */
  lost: { readonly from: number; readonly reason: Gap['reason'] } | undefined;

  constructor(topic: Topic) {
    this.topic = topic;
    this.kind = topicKind(topic);
    this.name = topicName(topic);
  }

  /** The same for equal topics. */
  get id(): string {
    return topicId(this.kind, this.name);
  }

  /** Its connection is gone, or the server has ended it. `from`: when it was whole for the last time. */
  lose(from: number, reason: Gap['reason'], cause?: Error): void {
    this.line = undefined;
    this.problem = cause;
    if (this.activeSince === undefined) return;
    this.lost ??= { from: Math.max(from, this.activeSince), reason };
    this.activeSince = undefined;
  }

  /** The server has confirmed it. Returns the gap that ends with this, if there is one. */
  confirm(askedAt: number): Gap | undefined {
    this.activeSince = askedAt;
    this.problem = undefined;
    const { lost } = this;
    this.lost = undefined;
    for (const { resolve } of [...this.waiters]) resolve();
    return lost && { topic: this.topic, ...lost, to: Date.now() };
  }

  /** Calls everybody who listens; what one of them throws hurts nobody else. */
  deliver(channel: string, payload: Buffer, onError: (error: unknown) => void): void {
    const pattern = this.kind === 'pattern' ? this.name : undefined;
    for (const listener of [...this.listeners]) {
      try {
        if (this.listeners.has(listener)) listener.deliver(channel, payload, pattern);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Tells those who had been subscribed before. */
  tellGap(gap: Gap, onError: (error: unknown) => void): void {
    for (const { confirmed, onGap } of [...this.listeners]) {
      try {
        if (confirmed) onGap?.(gap);
      } catch (error) {
        onError(error);
      }
    }
  }

  refuse(error: Error): void {
    for (const { reject } of [...this.waiters]) reject(error);
  }
}

export function topicId(kind: TopicKind, name: string): string {
  return `${kind}:${name}`;
}
