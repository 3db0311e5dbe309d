import { answerParent } from '../client/answer-parent.mjs';
import { timedPass } from '../client/timed-pass.mjs';
import { PAYLOAD } from '../pubsub/publisher.mjs';
import { contenderOf } from './contenders.mjs';

/** One subscriber in a process of its own; does what the parent asks for, one thing at a time, and ends with it. */
let subscriber;

answerParent({
  async connect({ id, target }) {
    subscriber = await contenderOf(id).connect(target);
    return { isPresent: true };
  },

  /** Subscribes, counts for so long what comes for the first listener, and unsubscribes. */
  async pass({ scenario: { channels, listeners, idle }, leadMs, ms }) {
    const load = new Deliveries(listeners);
    // Channels on which nothing is published: they must cost nothing.
    if (idle.length > 0) await subscriber.subscribe([...channels, ...idle], load.listeners);
    else await subscriber.subscribe(channels, load.listeners);
    const result = await timedPass(load, { leadMs, ms });
    await subscriber.unsubscribe();
    load.check();
    return result;
  },

  async close() {
    await subscriber?.close();
    return {};
  },
});

/** A message is counted when the first listener gets it; the others count for the check. */
class Deliveries {
  done = 0;
  listeners;
  #calls;
  #wrong = 0;
  #stop;

  constructor(count) {
    this.#calls = new Array(count).fill(0);
    this.listeners = this.#calls.map((_, i) => (channel, payload) => {
      this.#calls[i]++;
      if (i === 0) this.done++;
      if (payload !== PAYLOAD || !channel.startsWith('redlane-bench:')) this.#wrong++;
    });
  }

  check() {
    if (this.#wrong > 0) throw new Error(`${this.#wrong} messages were not what was published`);
    const most = Math.max(...this.#calls);
    // Those that were registered first may have heard a few more.
    const late = this.#calls.filter((calls) => calls < most * 0.5).length;
    if (late > 0) throw new Error(`${late} listeners were left out`);
  }

  run() {
    return new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  stop() {
    this.#stop();
  }
}
