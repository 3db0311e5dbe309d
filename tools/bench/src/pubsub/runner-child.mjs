import { answerParent } from '../client/answer-parent.mjs';
import { timedPass } from '../client/timed-pass.mjs';
import { contenderOf } from './contenders.mjs';
import { PAYLOAD } from './publisher.mjs';

/** One subscriber in a process of its own; does what the parent asks for, one thing at a time, and ends with it. */
let subscriber;

answerParent({
  async connect({ id, target }) {
    subscriber = await contenderOf(id).connect(target);
    return { isPresent: true };
  },

  /** Subscribes, counts what comes for so long, and unsubscribes. */
  async pass({ scenario: { channels }, leadMs, ms }) {
    const load = new Deliveries();
    await subscriber.subscribe(channels, load.count);
    const result = await timedPass(load, { leadMs, ms });
    await subscriber.unsubscribe();
    if (load.wrong > 0) throw new Error(`${load.wrong} messages were not what was published`);
    return result;
  },

  async close() {
    await subscriber?.close();
    return {};
  },
});

class Deliveries {
  done = 0;
  wrong = 0;
  #stop;

  count = (channel, payload) => {
    this.done++;
    if (payload !== PAYLOAD || !channel.startsWith('redlane-bench:')) this.wrong++;
  };

  run() {
    return new Promise((resolve) => {
      this.#stop = resolve;
    });
  }

  stop() {
    this.#stop();
  }
}
