import { randomBytes } from 'node:crypto';
import type { RedisDriver } from '@redlane/client';
import type { ListenerPolicy } from '../event-feed.js';
import type { Admission, ListenerDirectory, ListenerRow, Signal, Touch, Touched } from './channel-store.js';
import {
  ADMIT,
  PRESENT,
  REGISTER,
  RELEASE,
  REMOVE,
  SAVE_POSITIONS,
  STOP,
  TOUCH,
} from './directory-scripts.js';
import { decodeRow, encodeRow } from './listener-row.js';
import type { ChannelKeys } from './storage-keys.js';

export interface DirectoryOptions {
  readonly listenerTtlMs: number;
  readonly presenceMs: number;
  readonly stopTtlMs: number;
}

/** Listeners that go into one script. */
const CHUNK = 500;
const PAGE = 500;

/** A channel's listeners in Redis, as one process sees them. No clock but the server's decides who is present. */
export class RedisDirectory implements ListenerDirectory {
  readonly #driver: RedisDriver;
  readonly #keys: ChannelKeys;
  readonly #options: DirectoryOptions;
  /** Tells this process from others. */
  readonly #node: string = randomBytes(9).toString('base64url');

  constructor(driver: RedisDriver, keys: ChannelKeys, options: DirectoryOptions) {
    this.#driver = driver;
    this.#keys = keys;
    this.#options = options;
  }

  async register(row: ListenerRow, position: string | undefined): Promise<void> {
    await this.#run(REGISTER, [row.id, encodeRow(row), position ?? '']);
  }

  async remove(listener: string): Promise<void> {
    const { stopTtlMs } = this.#options;
    const inbox = this.#keys.log.inbox(listener);
    await this.#run(REMOVE, [listener, stopTtlMs, this.#keys.control], [inbox]);
  }

  async has(listener: string): Promise<boolean> {
    return (await this.#driver.send(['HEXISTS', this.#keys.listeners, listener])) === 1;
  }

  async list(onBad: (listener: string, error: Error) => void): Promise<ListenerRow[]> {
    const rows = new Map<string, ListenerRow>();
    let cursor = '0';
    do {
      const command = ['HSCAN', this.#keys.listeners, cursor, 'COUNT', PAGE];
      const [next, flat] = (await this.#driver.send(command)) as unknown as [string, string[]];
      for (let i = 0; i + 1 < flat.length; i += 2) {
        const id = flat[i] as string;
        try {
          rows.set(id, decodeRow(id, flat[i + 1] as string));
        } catch (error) {
          onBad(id, error as Error);
        }
      }
      cursor = String(next);
    } while (cursor !== '0');
    return [...rows.values()].sort(({ id: one }, { id: other }) => (one < other ? -1 : 1));
  }

  async present(): Promise<string[]> {
    return [...((await this.#run(PRESENT, [])) as readonly string[])].sort();
  }

  async position(listener: string): Promise<string | undefined> {
    return ((await this.#driver.send(['HGET', this.#keys.pos, listener])) as string | null) ?? undefined;
  }

  async savePositions(positions: ReadonlyMap<string, string>): Promise<void> {
    await this.#inChunks([...positions], (chunk) => this.#run(SAVE_POSITIONS, chunk.flat()));
  }

  async admit(listener: string | undefined, policy: ListenerPolicy): Promise<Admission> {
    const row =
      listener === undefined ? '' : encodeRow({ id: listener, createdAt: Date.now(), queueType: 'plain' });
    const reply = await this.#run(ADMIT, [listener ?? '', policy, row, this.#keys.control]);
    const [type, position] = reply as [Admission['type'], string | null | undefined];
    return type === 'admitted' ? { type, position: position ?? undefined } : { type };
  }

  async touch(listeners: readonly Touch[]): Promise<Touched> {
    const takenOver: string[] = [];
    const stopped: string[] = [];
    let isOver = false;
    const touchSome = async (chunk: readonly Touch[]): Promise<void> => {
      const args = chunk.flatMap(({ listener, isShared }) => [listener, isShared ? 1 : 0]);
      const reply = (await this.#run(TOUCH, args)) as unknown as [string[], string[], number];
      takenOver.push(...reply[0]);
      stopped.push(...reply[1]);
      isOver ||= reply[2] === 1;
    };
    if (listeners.length === 0) await touchSome([]);
    else await this.#inChunks(listeners, touchSome);
    return { takenOver, stopped, isOver };
  }

  async release(listeners: readonly string[]): Promise<void> {
    await this.#inChunks(listeners, (chunk) => this.#run(RELEASE, chunk));
  }

  async stop(listener: string | undefined): Promise<void> {
    await this.#run(STOP, [listener ?? '', this.#options.stopTtlMs, this.#keys.control]);
  }

  async resume(listener: string | undefined): Promise<void> {
    await this.#driver.send(['ZREM', this.#keys.stopped, listener ?? '']);
  }

  async watch(onSignal: (signal: Signal) => void): Promise<AsyncDisposable> {
    const subscription = await this.#driver.subscribe(
      { channel: this.#keys.control },
      ({ payload }) => {
        const signal = this.#signalOf(payload);
        if (signal !== undefined) onSignal(signal);
      },
      { onGap: () => onSignal({ type: 'gap' }) },
    );
    return { [Symbol.asyncDispose]: () => subscription.unsubscribe() };
  }

  async clear(): Promise<void> {
    const { listeners, pos, seen, who, stopped } = this.#keys;
    await this.#driver.send(['UNLINK', listeners, pos, seen, who, stopped]);
  }

  #signalOf(payload: string): Signal | undefined {
    const [, type, rest = ''] = /^(taken|stopped):(.*)$/s.exec(payload) ?? [];
    if (type === 'stopped') return { type, listener: rest === '' ? undefined : rest };
    if (type === undefined) return undefined;
    const colon = rest.indexOf(':');
    if (colon < 0 || rest.slice(0, colon) === this.#node) return undefined;
    return { type: 'taken-over', listener: rest.slice(colon + 1) };
  }

  #run(script: string, args: readonly (string | number)[], keys: readonly string[] = []): Promise<unknown> {
    const { listeners, pos, seen, who, stopped } = this.#keys;
    const { listenerTtlMs, presenceMs } = this.#options;
    return this.#driver.run(
      script,
      [listeners, pos, seen, who, stopped, ...keys],
      [listenerTtlMs, this.#node, presenceMs, ...args],
    );
  }

  async #inChunks<T>(all: readonly T[], work: (chunk: readonly T[]) => Promise<unknown>): Promise<void> {
    for (let from = 0; from < all.length; from += CHUNK) await work(all.slice(from, from + CHUNK));
  }
}
