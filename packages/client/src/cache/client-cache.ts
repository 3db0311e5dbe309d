import { type CommandArgument, checkArguments, RedisError, type RespValue } from '@redlane/resp3-core';
import type { CommandSink } from '../caller.js';
import { type BatchReply, Command, type CommandSettings, callSettings } from '../command.js';
import { DeadlineTimer } from '../deadline-timer.js';
import type { Engine } from '../engine.js';
import { AbortError, CommandRefusedError } from '../errors.js';
import { ReplyError } from '../reply-error.js';
import { commandName } from '../routing.js';
import { sizeOf } from '../size.js';
import type { CacheEntry } from './cache-entry.js';
import { beginsWith, type ResolvedCacheOptions } from './cache-options.js';
import { CacheStore } from './cache-store.js';
import { cacheable } from './cacheable-commands.js';
import { handedOut, kept, ownText } from './cached-value.js';
import { Flight } from './flight.js';
import { keyText } from './key-text.js';
import { type TrackedReply, trackedRead, trackedReply } from './tracked-read.js';
import { Tracking, type TrackingState } from './tracking.js';
import { entrySize } from './value-size.js';

/** After so many hits, further ones wait for the next turn of the event loop: loops of hits would never hear of a change. */
const HITS_A_TURN = 1_024;
/** What a tracked read adds to the size of the read, about. */
const TRACKED_BYTES = 128;

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
  readonly #engine: Engine;
  readonly #sink: CommandSink;
  readonly #options: ResolvedCacheOptions;
  readonly #store: CacheStore;
  readonly #tracking: Tracking;
  readonly #flights: Set<Flight> = new Set();
  readonly #timer: DeadlineTimer;
  #hits = 0;
  #hitsInARow = 0;
  #nextTurn: Promise<void> | undefined;
  #misses = 0;
  #shared = 0;
  #untracked = 0;
  #evictions = 0;

  /** @internal */
  constructor(engine: Engine, sink: CommandSink, options: ResolvedCacheOptions) {
    this.#engine = engine;
    this.#sink = sink;
    this.#options = options;
    this.#store = new CacheStore(options.maxBytes, () => this.#evictions++);
    this.#tracking = new Tracking(engine, this.#store, options);
    this.#timer = new DeadlineTimer((now) => this.#expire(now), { unref: engine.options.unref });
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
      shared: this.#shared,
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
      name = checked(args);
      key = keyText(args[1] as CommandArgument);
      variant = variantOf(name, args, settings);
    } catch (error) {
      return Promise.reject(error as Error);
    }
    if (settings.watch?.signal.aborted === true) return undefined;
    const entry = this.#store.find(key, variant);
    if (entry === undefined) return this.#miss(key, variant, args, settings);
    if (entry.flight !== undefined) {
      this.#shared++;
      return this.#join(entry.flight, args, settings);
    }
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
    const entry = this.#store.begin(ownText(key), ownText(variant));
    // The caller may change its bytes once it has called.
    const words = args.map((arg) => (arg instanceof Uint8Array ? Uint8Array.from(arg) : arg));
    const flight = new Flight(() => this.#abandon(entry, flight));
    entry.flight = flight;
    this.#flights.add(flight);
    const reply = this.#join<T>(flight, words, settings);
    this.#send(entry, flight, words, settings);
    return reply;
  }

  #join<T>(flight: Flight, args: readonly CommandArgument[], settings: CommandSettings): Promise<T> {
    const deadline = this.#sink.now() + settings.timeoutMs;
    this.#timer.by(deadline);
    return flight.join<T>(args, settings, deadline);
  }

  #send(
    entry: CacheEntry,
    flight: Flight,
    args: readonly CommandArgument[],
    settings: CommandSettings,
  ): void {
    const optIn = this.#options.mode === 'optin';
    const request = new Command(
      args,
      trackedRead(args, optIn),
      this.#ofAll(settings),
      true,
      Number.POSITIVE_INFINITY,
      2 * sizeOf(args) + TRACKED_BYTES,
      (replies: BatchReply[]) => {
        const outcome = trackedReply(replies, optIn);
        if (outcome instanceof RedisError) this.#sendPlain(entry, flight, args, settings, outcome);
        else this.#landed(entry, flight, args, outcome, request.writtenAt);
      },
      (error) => this.#failed(entry, flight, () => error),
      this.#sink,
    );
    flight.request = request;
    this.#sink.submit(request);
  }

  /** The server has not executed the transaction: it may be busy, or not allow it. The read alone tells. */
  #sendPlain(
    entry: CacheEntry,
    flight: Flight,
    args: readonly CommandArgument[],
    settings: CommandSettings,
    reason: RedisError,
  ): void {
    this.#store.remove(entry);
    if (isLasting(reason)) this.#tracking.refused(reason.message);
    const request = new Command(
      args,
      undefined,
      this.#ofAll(settings),
      true,
      Number.POSITIVE_INFINITY,
      sizeOf(args),
      (value: RespValue) => this.#end(flight, { value }),
      (error) => this.#failed(entry, flight, () => error),
      this.#sink,
    );
    flight.request = request;
    this.#sink.submit(request);
  }

  /** Runs inside of the decoder: what comes behind this reply finds the entry, if it was kept. */
  #landed(
    entry: CacheEntry,
    flight: Flight,
    args: readonly CommandArgument[],
    { value, ttlMs, untracked }: TrackedReply,
    writtenAt: number,
  ): void {
    if (value instanceof RedisError) {
      this.#failed(entry, flight, () => new ReplyError(value, commandName(args[0])));
      return;
    }
    if (untracked !== undefined && isLasting(untracked)) this.#tracking.refused(untracked.message);
    // The server has counted from a moment after the write.
    const expiresAt = writtenAt + Math.min(ttlMs, this.#options.ttlMs);
    const worth = untracked === undefined && this.#tracking.state === 'on' && expiresAt > performance.now();
    const size = worth ? entrySize(entry.key, entry.variant, value) : undefined;
    if (size === undefined || !this.#keep(entry, value, size, expiresAt)) this.#store.remove(entry);
    this.#end(flight, { value });
  }

  #keep(entry: CacheEntry, value: RespValue, size: number, expiresAt: number): boolean {
    // To copy what nobody keeps is work for nothing.
    if (size > this.#options.maxBytes || !this.#store.holds(entry)) return false;
    return this.#store.keep(entry, kept(value), size, expiresAt);
  }

  #failed(entry: CacheEntry, flight: Flight, error: () => Error): void {
    this.#store.remove(entry);
    this.#end(flight, { error });
  }

  #end(flight: Flight, outcome: Parameters<Flight['end']>[0]): void {
    this.#flights.delete(flight);
    flight.end(outcome);
    if (this.#flights.size === 0) this.#timer.clear();
  }

  /** Nobody waits for it any more. */
  #abandon(entry: CacheEntry, flight: Flight): void {
    const { request } = flight;
    this.#store.remove(entry);
    request?.reject(new AbortError(request.name, { maybeExecuted: false, phase: 'queued' }));
  }

  #expire(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const flight of this.#flights)
      next = Math.min(
        next,
        flight.expire(now, () => this.#engine.diagnose()),
      );
    return next;
  }

  /** What holds for a request that many wait for. */
  #ofAll({ replies, maps }: CommandSettings): CommandSettings {
    return {
      ...callSettings(this.#engine.options),
      timeoutMs: Number.POSITIVE_INFINITY,
      replies,
      maps,
    };
  }

  #isReported(key: CommandArgument): boolean {
    const { prefixes } = this.#options;
    if (prefixes.length === 0) return true;
    const bytes = key instanceof Uint8Array ? key : Buffer.from(keyText(key));
    return prefixes.some((prefix) => beginsWith(bytes, prefix));
  }
}

/** The command's name in upper case. @throws CommandArgumentError, CommandRefusedError */
function checked(args: readonly CommandArgument[]): string {
  // Texts are always right.
  for (let i = 0; i < args.length || i === 0; i++) {
    if (typeof args[i] === 'string') continue;
    checkArguments(args);
    break;
  }
  const command = cacheable(args);
  if (command !== undefined) return command.name;
  throw new CommandRefusedError(commandName(args[0]), {
    reason: 'only reads of one key whose reply changes with that key alone can be cached',
    instead: 'read each key by itself (calls of one tick leave in one write), or use call()',
  });
}

/** What tells a read from the others of its key: the form of the reply, the command, and the other arguments. */
function variantOf(
  name: string,
  args: readonly CommandArgument[],
  { replies, maps }: CommandSettings,
): string {
  let variant = name;
  if (replies === 'bytes') variant += ' b';
  else if (maps === 'object') variant += ' o';
  for (let i = 2; i < args.length; i++) {
    const text = keyText(args[i] as CommandArgument);
    variant += ` ${text.length}:${text}`;
  }
  return variant;
}

/** The user's rights or the server's abilities will be the same for the next read. */
function isLasting({ code, message }: RedisError): boolean {
  return code === 'NOPERM' || /unknown (sub)?command/i.test(message);
}
