import { setTimeout as delay } from 'node:timers/promises';
import { PAYLOAD } from './messages.mjs';

const STALL_MS = 20_000;
/** Of so many messages the text of one is compared. */
const LOOKED_AT = 50;

/** @returns {{ us: number, cpuUs: number }} of all threads of this process */
export function snapshot() {
  const { user, system } = process.cpuUsage();
  return { us: performance.now() * 1000, cpuUs: user + system };
}

/** The listeners of all channels, and what they have heard. The last of them counts the messages, the others for the check. */
export class Deliveries {
  listeners;
  #calls;
  #wrong = 0;
  #expected = 0;
  #done = () => {};

  constructor(count) {
    this.#calls = new Array(count).fill(0);
    const last = count - 1;
    this.listeners = this.#calls.map((_, i) => (channel, payload) => {
      const calls = ++this.#calls[i];
      // A comparison of texts costs as much as all the rest: of most messages only the length is looked at.
      if (calls % LOOKED_AT === 0) this.#look(channel, payload);
      else if (payload.length !== PAYLOAD.length) this.#wrong++;
      if (calls === this.#expected && i === last) this.#done(snapshot());
    });
  }

  /** Resolves with the figures of the moment in which so many more messages have come. */
  expect(count) {
    this.#expected += count;
    const calls = this.#calls;
    const stalled = new AbortController();
    const all = new Promise((resolve) => {
      this.#done = resolve;
    }).finally(() => stalled.abort());
    const never = delay(STALL_MS, undefined, { signal: stalled.signal }).then(
      () => {
        throw new Error(
          `${this.#expected - calls.at(-1)} of ${count} messages have not come in ${STALL_MS} ms`,
        );
      },
      () => all,
    );
    return Promise.race([all, never]);
  }

  #look(channel, payload) {
    if (payload !== PAYLOAD || !channel.startsWith('redlane-bench:')) this.#wrong++;
  }

  check() {
    if (this.#wrong > 0) throw new Error(`${this.#wrong} messages were not what was published`);
    const out = this.#calls.filter((calls) => calls !== this.#expected).length;
    if (out > 0) throw new Error(`${out} listeners did not hear every message once`);
  }
}
