import type { Backoff } from '../backoff.js';
import { type Gap, type Topic, type TopicKind, topicKind, topicName } from '../topic.js';
import type { Listener } from './listener.js';
import type { TopicState } from './topic-machine.js';

/** A topic that somebody wants, or wanted a moment ago: who listens, and where it stands at the server. */
export class TopicEntry {
  readonly topic: Topic;
  readonly kind: TopicKind;
  readonly name: string;
  state: TopicState = 'idle';
  /** Those who get its messages. The array is replaced, never changed: somebody may be working through it. */
  live: readonly Listener[] = [];
  /** Those who wait for a confirmation, and get the messages after it. */
  readonly pending: Set<Listener> = new Set();
  /** The command under way; what came of any other is out of date. */
  attempt: object | undefined;
  /** When the server confirmed, in ms of `performance.now()`. */
  confirmedAt = 0;
  /** Delays between attempts to have it back. */
  backoff: Backoff | undefined;
  retryTimer: NodeJS.Timeout | undefined;
  #gap: Pick<Gap, 'from' | 'reason'> | undefined;
  #endWaiters: (() => void)[] = [];

  constructor(topic: Topic) {
    this.topic = topic;
    this.kind = topicKind(topic);
    this.name = topicName(topic);
  }

  get wanted(): boolean {
    return this.live.length > 0 || this.pending.size > 0;
  }

  /** From here on, in ms since 1970, messages may be lost to those who listen. */
  openGap(from: number, reason: Gap['reason']): void {
    if (this.live.length > 0) this.#gap ??= { from, reason };
  }

  closeGap(): Gap | undefined {
    const gap = this.#gap;
    this.#gap = undefined;
    return gap && { topic: this.topic, from: gap.from, to: Date.now(), reason: gap.reason };
  }

  /** Makes those who waited get messages; returns them. */
  promote(): Listener[] {
    const promoted = [...this.pending];
    this.pending.clear();
    if (promoted.length > 0) this.live = [...this.live, ...promoted];
    return promoted;
  }

  remove(listener: Listener): void {
    if (!this.pending.delete(listener)) this.live = this.live.filter((other) => other !== listener);
    if (this.live.length === 0) this.#gap = undefined;
  }

  /** Calls back when the server has none of it any more for those who have left. */
  onceEnded(waiter: () => void): void {
    if (this.#isEnded()) waiter();
    else this.#endWaiters.push(waiter);
  }

  /** Its state has changed. */
  wakeEndWaiters(): void {
    if (this.#endWaiters.length > 0 && this.#isEnded()) for (const wake of this.#endWaiters.splice(0)) wake();
  }

  #isEnded(): boolean {
    return this.state === 'gone' || (this.state !== 'unsubscribing' && this.wanted);
  }
}
