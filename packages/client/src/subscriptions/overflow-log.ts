import type { Gap, Topic } from '../topic.js';
import { epochMs } from './epoch-ms.js';

/** What a full buffer has thrown away, by topic, until it is reported. */
export class OverflowLog {
  #losses: Map<Topic, { readonly from: number; dropped: number }> = new Map();
  /** Messages thrown away since the start. */
  total = 0;

  /** A message of this topic is lost, which was published after `since`, in ms of `performance.now()`. */
  add(topic: Topic, since: number): void {
    this.total++;
    const loss = this.#losses.get(topic);
    if (loss === undefined) this.#losses.set(topic, { from: since, dropped: 1 });
    else loss.dropped++;
  }

  /** The gaps since the last call; they end now. */
  take(): Gap[] {
    if (this.#losses.size === 0) return [];
    const losses = this.#losses;
    this.#losses = new Map();
    const to = Date.now();
    return Array.from(losses, ([topic, { from, dropped }]) => {
      return { topic, from: epochMs(from), to, reason: 'overflow' as const, dropped };
    });
  }
}
