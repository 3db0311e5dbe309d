import { Worker } from 'node:worker_threads';

const PROGRAM = new URL('backlog-publisher.mjs', import.meta.url);
const PUBLISH_MS = 30_000;
const PENDING = 0;
const PUBLISHED = 1;

/** Makes messages wait for the subscriber of this process: it reads nothing before the server has published all of them. */
export class Backlog {
  #worker;
  #flag;

  constructor(target) {
    const state = new SharedArrayBuffer(4);
    this.#flag = new Int32Array(state);
    this.#worker = new Worker(PROGRAM, { workerData: { target, state } });
    this.#wait('connect');
  }

  /** Blocks this thread until so many messages, on all of these channels in turn, are on their way to the subscriber. */
  publish(channels, count) {
    Atomics.store(this.#flag, 0, PENDING);
    this.#worker.postMessage({ channels, count });
    this.#wait('publish');
  }

  async close() {
    await this.#worker.terminate();
  }

  #wait(what) {
    const waited = Atomics.wait(this.#flag, 0, PENDING, PUBLISH_MS);
    if (waited === 'timed-out' || Atomics.load(this.#flag, 0) !== PUBLISHED)
      throw new Error(`the server did not let the script ${what}`);
  }
}
