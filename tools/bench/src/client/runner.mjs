import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('runner-child.mjs', import.meta.url));
/** No answer for so long means that replies were lost. */
const ANSWER_MS = 60_000;
const EXIT_MS = 3_000;

/** A contender's process, seen from the parent. */
export class Runner {
  contender;
  #child;
  #exit;

  /** @param {string} child the program that answers */
  constructor(contender, child = CHILD) {
    this.contender = contender;
    // What a peer prints must not get into the report.
    this.#child = fork(child, { stdio: ['ignore', 2, 2, 'ipc'] });
    this.#exit = once(this.#child, 'exit');
  }

  get id() {
    return this.contender.id;
  }

  /** @returns {Promise<boolean>} false when the package is not there */
  async connect(target) {
    return (await this.ask('connect', { id: this.id, target })).isPresent;
  }

  pass(scenario, times) {
    return this.ask('pass', { scenario, ...times });
  }

  /** So many commands, every reply compared. */
  exact(scenario, limit) {
    return this.ask('exact', { scenario, limit });
  }

  /** @returns {Promise<boolean>} whether the client let its process end */
  async close() {
    await this.ask('close');
    const ended = await Promise.race([this.#exit.then(() => true), delay(EXIT_MS, false, { ref: false })]);
    if (!ended) await this.kill();
    return ended;
  }

  async kill() {
    this.#child.kill('SIGKILL');
    await this.#exit;
  }

  /** Sends a request and returns what the program answers. */
  async ask(name, request = {}) {
    let timer;
    const answer = Promise.race([
      once(this.#child, 'message').then(([message]) => message),
      this.#exit.then(([code, signal]) => ({ error: `its process ended (${signal ?? code})` })),
      new Promise((resolve) => {
        timer = setTimeout(resolve, ANSWER_MS, { error: `no answer for ${ANSWER_MS / 1000} s` });
      }),
    ]);
    if (this.#child.connected) this.#child.send({ name, ...request });
    const { result, error } = await answer;
    clearTimeout(timer);
    if (error !== undefined) throw new Error(`${this.id}, ${name}: ${error}`);
    return result;
  }
}

/**
 * Starts and connects a process per contender, which runs `child`. Those whose package is missing are left out.
 *
 * @returns {Promise<{ runners: Runner[], missing: import('./contenders.mjs').Contender[] }>}
 */
export async function startRunners(contenders, target, child = CHILD) {
  const runners = [];
  const missing = [];
  try {
    for (const contender of contenders) {
      const runner = new Runner(contender, child);
      runners.push(runner);
      if (await runner.connect(target)) continue;
      await runner.close();
      runners.pop();
      missing.push(contender);
    }
  } catch (error) {
    await killAll(runners);
    throw error;
  }
  return { runners, missing };
}

export async function killAll(runners) {
  await Promise.all(runners.map((runner) => runner.kill()));
}
