import { ConnectError } from '../errors.js';
import { ONE_CONNECTION } from './duplicate-options.js';
import { peerOf, type Redis, type RedisOptions } from './ioredis-like.js';

/** How long a close may take before nobody waits for it any more. */
const CLOSE_MS = 1_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** Where a connection goes: an instance to duplicate, and what differs from its options. */
export interface Seed {
  readonly template: Redis;
  readonly overrides?: object | undefined;
}

/**
 * One connection of its own, made by duplicating an instance. It never reconnects: an instance of ioredis that does may
 * park for ever (`disconnect` while it waits to reconnect), drops promises of commands, and knows too little of what its
 * subscribers have missed.
 */
export class Duplicate {
  readonly instance: Redis;
  readonly #ended: Promise<void>;
  #open = false;
  #closing = false;
  #problem: Error | undefined;
  #lost: ((cause: Error) => void) | undefined;

  /** Connects, and resolves when commands can be sent. @throws ConnectError */
  static async open(seed: Seed, signal?: AbortSignal): Promise<Duplicate> {
    const duplicate = new Duplicate(seed.template.duplicate({ ...ONE_CONNECTION, ...seed.overrides }));
    const { options } = duplicate.instance;
    try {
      await duplicate.#connect(openTimeoutMs(options), signal);
    } catch (error) {
      void duplicate.close();
      throw connectError(options, duplicate.#problem ?? (error as Error));
    }
    return duplicate;
  }

  private constructor(instance: Redis) {
    this.instance = instance;
    this.#ended = new Promise((resolve) => instance.on('end', () => resolve()));
    // Without a listener ioredis prints it. What matters of it is the cause of the loss that follows.
    instance.on('error', (error: Error) => {
      this.#problem = error;
      if (!/queue state error/i.test(error.message)) return;
      // There was a reply too many: whose the next ones are, nobody knows.
      this.#wentDown();
      void this.close();
    });
    instance.on('close', () => this.#wentDown());
  }

  /** Address of the server's end, to tell servers apart; `undefined` for a unix socket. */
  get peer(): string | undefined {
    return peerOf(this.instance);
  }

  /** Commands can be written. */
  get open(): boolean {
    return this.#open && this.instance.status === 'ready';
  }

  /** Called once when the connection is lost, not when it is closed here. */
  onLost(listener: (cause: Error) => void): void {
    this.#lost = listener;
    if (!this.#open) this.#tellLost();
  }

  /** Closes the connection; resolves when it is. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#open = false;
    if (this.instance.status === 'end') return;
    this.instance.disconnect();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([this.#ended, late]);
    clearTimeout(timer);
  }

  async #connect(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    let giveUp: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    const early = new Promise<never>((_, reject) => {
      giveUp = () => reject(signal?.reason);
      timer = setTimeout(() => reject(new Error(`not ready within ${timeoutMs} ms`)), timeoutMs);
      if (signal?.aborted) giveUp();
      else signal?.addEventListener('abort', giveUp, { once: true });
    });
    try {
      await Promise.race([this.instance.connect(), early]);
      this.#open = true;
    } finally {
      clearTimeout(timer);
      if (giveUp !== undefined) signal?.removeEventListener('abort', giveUp);
    }
  }

  #wentDown(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#tellLost();
  }

  #tellLost(): void {
    if (this.#closing) return;
    const lost = this.#lost;
    this.#lost = undefined;
    lost?.(this.#problem ?? new Error('the connection was closed'));
  }
}

/** Each sentinel may take the whole of ioredis's own timeout before the next one is asked. */
function openTimeoutMs({ connectTimeout, sentinels }: RedisOptions): number {
  const each = typeof connectTimeout === 'number' && connectTimeout > 0 ? connectTimeout : CONNECT_TIMEOUT_MS;
  return each * ((sentinels?.length ?? 0) + 1);
}

function connectError(options: RedisOptions, cause: Error): ConnectError {
  const { host = 'localhost', port = 6379, path, name, sentinels } = options;
  const address = sentinels ? `the master ${name ?? ''}` : (path ?? `${host}:${port}`);
  const login = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH))/.test(cause.message);
  return new ConnectError(login ? 'AUTH_FAILED' : 'CONNECT_FAILED', {
    address,
    problem: cause.message,
    retryable: !login,
    cause,
  });
}
