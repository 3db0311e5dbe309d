import { answerParent } from '../client/answer-parent.mjs';
import { Backlog } from './backlog.mjs';
import { Deliveries, snapshot } from './deliveries.mjs';

/** One subscriber in a process of its own; does what the parent asks for, one thing at a time, and ends with it. */
export function answerAsSubscriber(contenderOf) {
  let subscriber;
  let backlog;
  let scenario;
  let deliveries;

  answerParent({
    async connect({ id, target }) {
      subscriber = await contenderOf(id).connect(target);
      backlog = new Backlog(target);
      return { isPresent: true };
    },

    /** Subscribes; on the idle channels nothing is published. */
    async begin({ scenario: asked }) {
      scenario = asked;
      const { channels, idle = [], listeners = 1 } = scenario;
      deliveries = new Deliveries(listeners);
      await subscriber.subscribe([...channels, ...idle], deliveries.listeners);
      return {};
    },

    /** Works off one backlog after the other until that has taken so long. */
    async pass({ ms }) {
      const { channels, burst } = scenario;
      const spent = { messages: 0, us: 0, cpuUs: 0 };
      while (spent.us < ms * 1000) {
        const done = deliveries.expect(burst);
        backlog.publish(channels, burst);
        const from = snapshot();
        const to = await done;
        spent.us += to.us - from.us;
        spent.cpuUs += to.cpuUs - from.cpuUs;
        spent.messages += burst;
      }
      deliveries.check();
      return { us: spent.us / spent.messages, cpuUs: spent.cpuUs / spent.messages };
    },

    async end() {
      await subscriber.unsubscribe();
      return {};
    },

    async close() {
      await subscriber?.close();
      await backlog?.close();
      return {};
    },
  });
}
