import { setTimeout as delay } from 'node:timers/promises';
import type { RespPush } from '@redlane/resp3-core';
import { Backoff } from '../backoff.js';
import { callSettings } from '../command.js';
import { Connection } from '../connection.js';
import { debug } from '../debug-log.js';
import { pushCommand } from '../subscriptions/push-command.js';
import { type SentinelOptions, sentinelConnectionOptions } from './sentinel-connection-options.js';
import type { SentinelList } from './sentinel-list.js';
import { addressText, isServerAddress, type ServerAddress } from './server-address.js';

const SWITCH = '+switch-master';

/**
 * Listens to one sentinel for the end of a failover. That only saves time: without it the client notices when its connection
 * breaks, or when the server says that it is a replica. So it is quiet about its failures, and keeps no process alive.
 */
export class SentinelWatch {
  readonly #options: SentinelOptions;
  readonly #sentinels: SentinelList;
  readonly #onSwitch: (master: ServerAddress) => void;
  readonly #backoff: Backoff = new Backoff({ minDelayMs: 500, maxDelayMs: 30_000 });
  readonly #closing: AbortController = new AbortController();
  /** Sentinels that could not be listened to, of this round. */
  readonly #failed: Set<string> = new Set();
  #running = false;

  constructor(options: SentinelOptions, sentinels: SentinelList, onSwitch: (master: ServerAddress) => void) {
    this.#options = options;
    this.#sentinels = sentinels;
    this.#onSwitch = onSwitch;
  }

  /** Begins, unless it has begun. */
  begin(): void {
    if (this.#running) return;
    this.#running = true;
    void this.#run(this.#closing.signal);
  }

  close(): void {
    this.#running = true;
    this.#closing.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const sentinel = this.#sentinels.next(this.#failed);
      if (sentinel === undefined) this.#failed.clear();
      else {
        try {
          await this.#listen(sentinel, signal);
        } catch (error) {
          debug('cannot listen to a sentinel: %s', (error as Error).message);
        }
        this.#failed.add(addressText(sentinel));
      }
      await delay(this.#backoff.next(), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Resolves when the connection has ended. */
  async #listen(sentinel: ServerAddress, signal: AbortSignal): Promise<void> {
    const options = sentinelConnectionOptions(this.#options, sentinel, { unref: true });
    const connection = await Connection.open(options, { onPush: (push) => this.#take(push) }, signal);
    const end = (): void => connection.destroy();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    try {
      await new Promise<void>((resolve, reject) => {
        connection.onClosed = () => resolve();
        if (connection.closed) resolve();
        const settings = callSettings(options);
        const subscribed = (): void => this.#backoff.reset();
        const deadline = performance.now() + options.connectTimeoutMs;
        connection.send(pushCommand(['SUBSCRIBE', SWITCH], settings, deadline, 0, subscribed, reject));
      });
    } finally {
      signal.removeEventListener('abort', end);
      connection.destroy();
    }
  }

  #take({ pushType, data }: RespPush): void {
    if (pushType !== 'message' || data[0] !== SWITCH) return;
    // <name> <old host> <old port> <new host> <new port>
    const [name, , , host, port] = String(data[1]).split(' ');
    const master = { host, port: Number(port) };
    if (name === this.#options.name && isServerAddress(master)) this.#onSwitch(master);
  }
}
