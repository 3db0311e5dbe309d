import type { RedisClient } from '@redlane/client';
import { eitherSignal } from './call-arguments.js';
import { RedisConnectionDown } from './errors.js';
import type { Line, LineWait, OpenLine } from './line.js';

/** The client's default connection, which everybody shares. It ends with the client. */
export class DefaultLine implements Line {
  readonly exclusive = false;
  readonly ending: AbortSignal;
  readonly #client: RedisClient;
  #open: OpenLine | undefined;

  constructor(client: RedisClient, ending: AbortSignal) {
    this.#client = client;
    this.ending = ending;
  }

  get current(): OpenLine | undefined {
    const { connection } = this.#client;
    if (connection === undefined || connection.closed) return undefined;
    if (this.#open?.connection !== connection) {
      this.#open = { connection, caller: this.#client, pinned: this.#client.pinnedTo(connection) };
    }
    return this.#open;
  }

  async open({ signal, timeoutMs }: LineWait): Promise<OpenLine> {
    const client = this.#client;
    const until = eitherSignal(this.ending, signal);
    const giveUpAt = performance.now() + timeoutMs;
    const failures: Error[] = [];
    for (;;) {
      const failing = new AbortController();
      // It rejects when the client is closed, whatever state it is in.
      const attempt = client.connect();
      attempt.catch(ignore);
      client.status
        .until('down', { signal: failing.signal })
        .then(({ cause }) => failures.push(cause), ignore);
      const leftMs = Math.max(1, giveUpAt - performance.now());
      try {
        await Promise.race([attempt, client.status.until('ready', { signal: until, timeoutMs: leftMs })]);
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'TIMEOUT') throw error;
        throw this.#late(timeoutMs, failures.at(-1));
      } finally {
        failing.abort();
      }
      const { current } = this;
      if (current !== undefined) return current;
    }
  }

  release(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #late(timeoutMs: number, cause: Error | undefined): RedisConnectionDown {
    const { host, port } = this.#client;
    return new RedisConnectionDown(`no connection to ${host}:${port} within ${timeoutMs} ms`, { cause });
  }
}

function ignore(): void {}
