import { answerParent } from './answer-parent.mjs';
import { contenderOf } from './contenders.mjs';
import { timedPass } from './timed-pass.mjs';
import { commandOf } from './workload.mjs';

/** One contender in a process of its own; does what the parent asks for, one thing at a time, and ends with it. */
let connection;
let prefix;

answerParent({
  async connect({ id, target }) {
    prefix = target.prefix;
    connection = await contenderOf(id).connect(target);
    return { isPresent: connection !== undefined };
  },

  pass({ scenario, leadMs, ms }) {
    return timedPass(connection.load(commandOf(scenario, prefix), { inFlight: scenario.inFlight }), {
      leadMs,
      ms,
    });
  },

  async exact({ scenario, limit }) {
    const load = connection.load(commandOf(scenario, prefix), {
      inFlight: scenario.inFlight,
      limit,
      exact: true,
    });
    const signalTimers = await countSignalTimers(() => load.run());
    return { done: load.done, signalTimers };
  },

  async close() {
    await connection?.close();
    return {};
  },
});

async function countSignalTimers(work) {
  const original = AbortSignal.timeout;
  let count = 0;
  AbortSignal.timeout = (ms) => {
    count++;
    return original.call(AbortSignal, ms);
  };
  try {
    await work();
  } finally {
    AbortSignal.timeout = original;
  }
  return count;
}
