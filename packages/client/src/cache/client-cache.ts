import { type CommandArgument, checkArguments, type RespValue } from '@redlane/resp3-core';
import type { CommandSink } from '../caller.js';
import type { CommandSettings } from '../command.js';
import type { Engine } from '../engine.js';
import type { CacheEntry } from './cache-entry.js';
import { beginsWith, type ResolvedCacheOptions } from './cache-options.js';
import { CacheStore } from './cache-store.js';
import { cacheableName } from './cacheable-commands.js';
import { handedOut, ownText } from './cached-value.js';
import { Fetches } from './fetches.js';
import { keyText } from './key-text.js';
import { Tracking, type TrackingState } from './tracking.js';
import { variantOf } from './variant.js';

/** After so many hits, further ones wait for the next turn of the event loop: loops of hits would never hear of a change. */
const HITS_A_TURN = 1_024;

/** A cache's figures. The counts begin with the client. */
export interface CacheMetrics {
  /** `'off'`: the server does not report changes, and every read goes to it. */
  readonly tracking: TrackingState;
  /** Reads that were answered at once. */
  readonly hits: number;
  /** Reads that were sent to the server, to be kept. */
  readonly misses: number;
  /** Reads that waited for the reply to another's. */
  readonly shared: number;
  /** Reads that were sent to the server without keeping the reply: no tracking, or none of the prefixes. */
  readonly untracked: number;
  /** Keys that the server has reported as changed; a flush counts as one. */
  readonly invalidations: number;
  /** Entries that had to make room for others. */
  readonly evictions: number;
  readonly entries: number;
  /** What the entries take up, never more than `maxBytes`. */
  readonly bytes: number;
}

/**
 * The replies to a client's cached reads, as long as the server has not reported a change of their keys. It is made by the
 * client; see `clientCache()`.
 */
export class ClientCache {
  readonly #options: ResolvedCacheOptions;
  readonly #store: CacheStore;
  readonly #tracking: Tracking;
  readonly #fetches: Fetches;
  #hits = 0;
  #hitsInARow = 0;
  #nextTurn: Promise<void> | undefined;
  #misses = 0;
  #untracked = 0;
  #evictions = 0;

  /** @internal */
  constructor(engine: Engine, sink: CommandSink, options: ResolvedCacheOptions) {
    this.#options = options;
    this.#store = new CacheStore(options.maxBytes, () => this.#evictions++);
    this.#tracking = new Tracking(engine, this.#store, options);
    this.#fetches = new Fetches(engine, sink, options, this.#store, this.#tracking);
  }

  /** Entries that are there. */
  get size(): number {
    return this.#store.size;
  }

  /** Removes everything. Replies that are under way will not be kept. */
  clear(): void {
    this.#store.clear();
  }

  /** Removes what is known of a key, also replies under way. Returns whether there was anything. */
  delete(key: CommandArgument): boolean {
    checkArguments([key]);
    return this.#store.invalidate(keyText(key)) > 0;
  }

  metrics(): CacheMetrics {
    return {
      tracking: this.#tracking.state,
      hits: this.#hits,
      misses: this.#misses,
      shared: this.#fetches.shared,
      untracked: this.#untracked,
      invalidations: this.#tracking.invalidations,
      evictions: this.#evictions,
      entries: this.#store.size,
      bytes: this.#store.bytes,
    };
  }

  /** @internal The reply, from here or from the server. `undefined`: it is to be asked for as any other. */
  read<T>(args: readonly CommandArgument[], settings: CommandSettings): Promise<T> | undefined {
    let name: string;
    let key: string;
    let variant: string;
    try {
      name = cacheableName(args);
      key = keyText(args[1] as CommandArgument);
      variant = variantOf(name, args, settings);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (settings.watch?.signal.aborted === true) return undefined;
    const entry = this.#store.find(key, variant);
    if (entry === undefined) return this.#miss(key, variant, args, settings);
    if (entry.flight !== undefined) return this.#fetches.share(entry.flight, args, settings);
    if (entry.expiresAt !== Number.POSITIVE_INFINITY && entry.expiresAt <= performance.now()) {
      this.#store.remove(entry);
      return this.#miss(key, variant, args, settings);
    }
    return this.#hit(entry) as Promise<T>;
  }

  #hit(entry: CacheEntry): Promise<RespValue> {
    this.#hits++;
    this.#store.touch(entry);
    const value = handedOut(entry.value);
    if (++this.#hitsInARow < HITS_A_TURN) return Promise.resolve(value);
    this.#nextTurn ??= new Promise((resolve) => setImmediate(resolve)).then(() => {
      this.#hitsInARow = 0;
      this.#nextTurn = undefined;
    });
    return this.#nextTurn.then(() => value);
  }

  #miss<T>(
    key: string,
    variant: string,
    args: readonly CommandArgument[],
    settings: CommandSettings,
  ): Promise<T> | undefined {
    if (this.#tracking.state === 'off' || !this.#isReported(args[1] as CommandArgument)) {
      this.#untracked++;
      return undefined;
    }
    this.#misses++;
    return this.#fetches.start(this.#store.begin(ownText(key), ownText(variant)), args, settings);
  }

  #isReported(key: CommandArgument): boolean {
    const { prefixes } = this.#options;
    if (prefixes.length === 0) return true;
    const bytes = key instanceof Uint8Array ? key : Buffer.from(keyText(key));
    return prefixes.some((prefix) => beginsWith(bytes, prefix));
  }
}

/** The class as a type alone: a client knows its cache, and only the entry `./cache` brings the code. */
export type ClientCacheHandle = ClientCache;
