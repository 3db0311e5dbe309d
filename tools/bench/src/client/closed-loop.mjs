/**
 * Callers that each await their reply before they send the next command, as request handlers do.
 *
 * @typedef {object} Load
 * @property {number} done right replies so far
 * @property {() => Promise<unknown>} run ends when the limit is reached or after `stop`, with no command under way
 * @property {() => void} stop
 */

/** @implements {Load} */
export class ClosedLoop {
  done = 0;
  #issued = 0;
  #limit;
  #calls;
  #isRight;

  /**
   * @param {(() => Promise<unknown>)[]} calls one per caller
   * @param {(reply: unknown) => boolean} isRight
   * @param {number} limit commands in all
   */
  constructor(calls, isRight, limit = Infinity) {
    this.#calls = calls;
    this.#isRight = isRight;
    this.#limit = limit;
  }

  run() {
    return Promise.all(this.#calls.map((call) => this.#loop(call)));
  }

  stop() {
    this.#limit = 0;
  }

  async #loop(call) {
    while (this.#issued < this.#limit) {
      this.#issued++;
      const reply = await call();
      if (!this.#isRight(reply)) throw new Error(`a wrong reply: ${String(reply).slice(0, 80)}`);
      this.done++;
    }
  }
}

/**
 * The load on a client of promises.
 *
 * @param {(index: number) => { get(key: string): Promise<string>, set(key: string, value: string): Promise<string> }} caller
 * @param {ReturnType<typeof import('./workload.mjs').commandOf>} command
 * @param {{ inFlight: number, limit?: number, exact?: boolean }} options `exact`: compare all of every reply; its length alone
 *   costs next to nothing
 */
export function closedLoop(caller, { op, key, value, reply }, { inFlight, limit, exact = false }) {
  const calls = Array.from({ length: inFlight }, (_, index) => {
    const client = caller(index);
    return op === 'get' ? () => client.get(key) : () => client.set(key, value);
  });
  const isRight = exact ? (found) => found === reply : (found) => found?.length === reply.length;
  return new ClosedLoop(calls, isRight, limit);
}
