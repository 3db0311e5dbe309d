import { fileURLToPath } from 'node:url';
import { Runner } from '../client/runner.mjs';

const program = (name) => fileURLToPath(new URL(name, import.meta.url));

/** A contender's server with its audience, each in a process of its own. */
export class Stage {
  id;
  /** Bytes that each further connection adds. */
  memory;
  runners;
  #count;
  #server;
  #audience;

  static async open(contender, target, count) {
    const stage = new Stage();
    stage.id = contender.id;
    stage.#count = count;
    stage.#server = new Runner(contender, program('server-child.mjs'));
    stage.#audience = new Runner({ id: `${contender.id}'s audience` }, program('audience-child.mjs'));
    stage.runners = [stage.#server, stage.#audience];
    try {
      await stage.#server.connect(target);
      await stage.#fill();
    } catch (error) {
      await Promise.all(stage.runners.map((runner) => runner.kill()));
      throw error;
    }
    return stage;
  }

  /** The first connection brings code with it that is there for all, so that it does not count. */
  async #fill() {
    const port = await this.#server.ask('port');
    await this.#audience.ask('open', { port, count: 1 });
    if (this.#count === 1) return;
    const before = await this.#server.ask('memory');
    await this.#audience.ask('open', { port, count: this.#count });
    const after = await this.#server.ask('memory');
    const each = (name) => (after[name] - before[name]) / (this.#count - 1);
    this.memory = { heap: each('heap'), rss: each('rss') };
  }

  /** Broadcasts, `together` at a time, and waits until everybody has got all of them. Returns what each delivery has cost. */
  async pass({ events, together = 1, everyMs = 0 }) {
    const deliveries = events * this.#count;
    await this.#audience.ask('expect', { deliveries });
    const received = this.#audience.ask('wait');
    await this.#server.ask('broadcast', { events, together, everyMs });
    await received;
    const used = await this.#server.ask('used');
    return { us: used.us / deliveries, cpuUs: used.cpuUs / deliveries };
  }

  async close() {
    await this.#audience.close();
    await this.#server.close();
  }
}
