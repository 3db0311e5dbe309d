import type { Redis } from './ioredis-like.js';
import type { Carrier } from './lane.js';

/**
 * The user's own instance as a carrier of commands. It reconnects, and sends again what had no reply, by itself: only when
 * it does not send again, or has ended, is something lost.
 */
export class SharedCarrier implements Carrier {
  readonly instance: Redis;
  #lost: ((cause: Error) => void) | undefined;
  #paused: ((cause: Error) => void) | undefined;

  /** Resolves when commands can be sent at once: what is aborted before is provably not executed. */
  static async open(instance: Redis, signal: AbortSignal): Promise<SharedCarrier> {
    if (instance.status === 'wait') instance.connect().catch(() => undefined);
    if (instance.status !== 'ready') await becomesReady(instance, signal);
    return new SharedCarrier(instance);
  }

  private constructor(instance: Redis) {
    this.instance = instance;
    instance.on('close', this.#closed);
    instance.on('end', this.#ended);
  }

  onLost(listener: (cause: Error) => void): void {
    this.#lost = listener;
  }

  onPause(listener: (cause: Error) => void): void {
    this.#paused = listener;
  }

  /** Lets go of the instance, which stays as it is. */
  close(): Promise<void> {
    this.#lost = this.#paused = undefined;
    this.instance.off('close', this.#closed);
    this.instance.off('end', this.#ended);
    return Promise.resolve();
  }

  readonly #closed = (): void => {
    // Its last one: the other event follows.
    if (this.instance.status === 'end') return;
    const cause = new Error('the shared ioredis instance has lost its connection');
    // ioredis drops what had no reply, and does not tell.
    if (this.instance.options.autoResendUnfulfilledCommands === false) this.#end(cause);
    else this.#paused?.(cause);
  };

  readonly #ended = (): void => this.#end(new Error('the shared ioredis instance has ended'));

  #end(cause: Error): void {
    const lost = this.#lost;
    void this.close();
    lost?.(cause);
  }
}

async function becomesReady(instance: Redis, signal: AbortSignal): Promise<void> {
  let settle: (() => void) | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      settle = () => {
        if (instance.status === 'ready') resolve();
        else if (signal.aborted) reject(signal.reason);
        else if (instance.status === 'end') reject(new Error('the shared ioredis instance has ended'));
      };
      instance.on('ready', settle);
      instance.on('end', settle);
      signal.addEventListener('abort', settle);
      settle();
    });
  } finally {
    if (settle !== undefined) {
      instance.off('ready', settle);
      instance.off('end', settle);
      signal.removeEventListener('abort', settle);
    }
  }
}
