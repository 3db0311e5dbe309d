import type { RedisDriver } from '../driver.js';
import { isTransient } from '../on-driver/transient.js';
import type { Decode } from './entry.js';
import { LogNode } from './log-node.js';
import type { LogContext } from './options.js';

const hubs: WeakMap<RedisDriver, LogHub> = new WeakMap();
/** Logs that are compared in one batch. */
const BATCH = 500;

/** The logs that a process follows over one driver. */
export class LogHub {
  readonly #driver: RedisDriver;
  readonly #nodes: Map<string, LogNode<unknown>> = new Map();
  #timer: NodeJS.Timeout | undefined;

  static of(driver: RedisDriver): LogHub {
    let hub = hubs.get(driver);
    if (hub === undefined) {
      hub = new LogHub(driver);
      hubs.set(driver, hub);
    }
    return hub;
  }

  private constructor(driver: RedisDriver) {
    this.#driver = driver;
  }

  /** The node of a log, from now on the same for all, until nobody has read it for a while. */
  node<Raw>(context: LogContext, decode: Decode<Raw>): LogNode<Raw> {
    const key = keyOf(context);
    let node = this.#nodes.get(key);
    if (node === undefined) {
      const made = new LogNode<unknown>(context, decode, () => {
        if (this.#nodes.get(key) === made) this.#nodes.delete(key);
        if (this.#nodes.size === 0) this.#stop();
      });
      node = made;
      this.#nodes.set(key, node);
      if (this.#timer === undefined) this.#schedule();
    }
    return node as LogNode<Raw>;
  }

  /** Ends the node of a log, if nobody reads it. */
  leave(context: LogContext): void {
    this.#nodes.get(keyOf(context))?.endIfIdle();
  }

  /** In step with the most watchful log, and not with other processes. */
  #schedule(): void {
    const checkMs = Math.min(...Array.from(this.#nodes.values(), ({ context }) => context.checkMs));
    const delayMs = checkMs * (1 + Math.random() / 5);
    this.#timer = setTimeout(() => {
      void this.#check().finally(() => {
        if (this.#nodes.size > 0) this.#schedule();
        else this.#timer = undefined;
      });
    }, delayMs).unref();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Whether quiet logs have gone on without our hearing of it. */
  async #check(): Promise<void> {
    const quiet = [...this.#nodes.values()].filter((node) => node.takeQuiet());
    for (let from = 0; from < quiet.length; from += BATCH) {
      const nodes = quiet.slice(from, from + BATCH);
      const known = nodes.map(({ ring }) => ring.last);
      const commands = nodes.map(({ context }) => ['HMGET', context.keys.meta, 'e', 's']);
      const batch = await this.#driver.batch(commands).catch((error: unknown) => {
        // Without a connection there is nothing to compare with, and its return is a gap.
        if (!isTransient(error)) for (const node of nodes) node.fail(error);
      });
      if (batch === undefined || batch.aborted) return;
      for (const [i, node] of nodes.entries()) {
        const reply = batch.replies[i];
        if (reply instanceof Error) void node.look();
        else {
          const [epoch, last] = reply as unknown as [string | null, string | null];
          node.compare(epoch, Number(last), known[i] as number);
        }
      }
    }
  }
}

function keyOf({ keys, publish, replies }: LogContext): string {
  return `${replies} ${publish} ${keys.topic}`;
}
