import { answerParent } from '../client/answer-parent.mjs';
import { contenderOf } from './contenders.mjs';

/** One end in a process of its own; does what the parent asks for, one thing at a time, and ends with it. */
let end;
let stopEcho;

const message = (n) => ({ n, text: 'x'.repeat(40) });

answerParent({
  async connect({ id, target, side = 'far' }) {
    end = await contenderOf(id).open(target, side);
    return { isPresent: true };
  },

  echo() {
    stopEcho = end.echo();
    return cpu();
  },

  /** CPU of this process, in µs, since `echo` or `calls` was asked for, is the difference of two of these. */
  async stopEcho() {
    const used = cpu();
    await stopEcho();
    return used;
  },

  /** One call after the other, for so long; how long each took, in µs. */
  async calls({ leadMs, ms, most = Number.POSITIVE_INFINITY }) {
    const times = [];
    const leadUntil = performance.now() + leadMs;
    let n = 0;
    while (performance.now() < leadUntil) await call(n++);
    const before = cpu();
    const until = performance.now() + ms;
    while (performance.now() < until && times.length < most) {
      const began = performance.now();
      await call(n++);
      times.push((performance.now() - began) * 1_000);
    }
    times.sort((a, b) => a - b);
    const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
    return { calls: n, p50: at(0.5), p99: at(0.99), cpuUs: (cpu() - before) / times.length };
  },

  /** Sends so many in bursts, none of which waits for the reply to any of its messages. */
  async send({ count, burst }) {
    const messages = Array.from({ length: count }, (_, n) => message(n));
    const before = cpu();
    const began = performance.now();
    for (let from = 0; from < count; from += burst) await end.send(messages.slice(from, from + burst));
    return { us: ((performance.now() - began) * 1_000) / count, cpuUs: (cpu() - before) / count };
  },

  /** Receives so many; the clock runs from the first to the last. */
  async drain({ count }) {
    let began;
    let before;
    let ended;
    let after;
    let received = 0;
    let sum = 0;
    await end.drain(count, ({ n }) => {
      if (received === 0) {
        began = performance.now();
        before = cpu();
      }
      sum += n;
      if (++received === count) {
        ended = performance.now();
        after = cpu();
      }
    });
    if (received !== count || sum !== (count * (count - 1)) / 2)
      throw new Error(`${received} of ${count} messages, or others than were sent`);
    return { us: ((ended - began) * 1_000) / (count - 1), cpuUs: (after - before) / (count - 1) };
  },

  async close() {
    await end?.close();
    return {};
  },
});

async function call(n) {
  const reply = await end.call(message(n));
  if (reply?.n !== n) throw new Error(`the reply to ${n} was ${JSON.stringify(reply)}`);
}

function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}
