import { type CommandArgument, RedisError, type RespValue } from '@redlane/resp3-core';
import type { CommandSink } from '../caller.js';
import {
  type BatchReply,
  Command,
  type CommandKeeper,
  type CommandSettings,
  callSettings,
} from '../command.js';
import { DeadlineTimer } from '../deadline-timer.js';
import { commandAttributes, commandTraces, hasListeners, traced } from '../diagnostics.js';
import type { Engine } from '../engine.js';
import { AbortError, QueueFullError } from '../errors.js';
import { ReplyError } from '../reply-error.js';
import { commandName } from '../routing.js';
import { sizeOf } from '../size.js';
import type { CacheEntry } from './cache-entry.js';
import type { ResolvedCacheOptions } from './cache-options.js';
import type { CacheStore } from './cache-store.js';
import { kept } from './cached-value.js';
import { Flight } from './flight.js';
import { type TrackedReply, trackedRead, trackedReply } from './tracked-read.js';
import type { Tracking } from './tracking.js';
import { entrySize } from './value-size.js';

/** What a tracked read adds to the size of the read, about. */
const TRACKED_BYTES = 128;

/** What is asked for, and for whom. */
interface Fetch {
  readonly entry: CacheEntry;
  readonly flight: Flight;
  readonly args: readonly CommandArgument[];
  /** How the reply is wanted. */
  readonly form: Pick<CommandSettings, 'replies' | 'maps'>;
}

/** Asks the server for what the store does not have, once for all who want it, and keeps what may be kept. */
export class Fetches {
  readonly #engine: Engine;
  readonly #sink: CommandSink;
  readonly #options: ResolvedCacheOptions;
  readonly #store: CacheStore;
  readonly #tracking: Tracking;
  readonly #flights: Set<Flight> = new Set();
  readonly #timer: DeadlineTimer;
  /** Of those who wait for a request: they are never sent themselves. */
  readonly #keeper: CommandKeeper = {
    settled: (waiter) => {
      this.#waiters--;
      waiter.settings.watch?.remove(waiter);
    },
  };
  #waiters = 0;
  /** Reads that waited for the reply to another's. */
  shared = 0;

  constructor(
    engine: Engine,
    sink: CommandSink,
    options: ResolvedCacheOptions,
    store: CacheStore,
    tracking: Tracking,
  ) {
    this.#engine = engine;
    this.#sink = sink;
    this.#options = options;
    this.#store = store;
    this.#tracking = tracking;
    this.#timer = new DeadlineTimer((now) => this.#expire(now), { unref: engine.options.unref });
  }

  /** Asks for an entry that has just begun. */
  start<T>(entry: CacheEntry, args: readonly CommandArgument[], settings: CommandSettings): Promise<T> {
    // The caller may change its bytes once it has called.
    const words = args.map((arg) => (arg instanceof Uint8Array ? Uint8Array.from(arg) : arg));
    const flight = new Flight(this.#keeper, () => this.#abandon(fetch));
    const fetch: Fetch = { entry, flight, args: words, form: settings };
    entry.flight = flight;
    this.#flights.add(flight);
    const send = (): Promise<T> => {
      const reply = this.#join<T>(flight, words, settings);
      this.#send(fetch);
      return reply;
    };
    if (!hasListeners(commandTraces)) return send();
    return traced(commandTraces, commandAttributes(words, this.#sink.server), send);
  }

  /** One more waits for a request that is under way. */
  share<T>(flight: Flight, args: readonly CommandArgument[], settings: CommandSettings): Promise<T> {
    // Each is a promise that is owed, as if it had been sent.
    const { commands, policy } = this.#engine.options.limits;
    if (this.#waiters >= commands && policy === 'reject')
      return Promise.reject(new QueueFullError('commands', commands));
    this.shared++;
    return this.#join(flight, args, settings);
  }

  #join<T>(flight: Flight, args: readonly CommandArgument[], settings: CommandSettings): Promise<T> {
    const deadline = this.#sink.now() + settings.timeoutMs;
    this.#timer.by(deadline);
    this.#waiters++;
    return flight.join<T>(args, settings, deadline);
  }

  #send(fetch: Fetch): void {
    const { args } = fetch;
    const optIn = this.#options.mode === 'optin';
    const bytes = 2 * sizeOf(args) + TRACKED_BYTES;
    const request = this.#request(fetch, trackedRead(args, optIn), bytes, (replies: BatchReply[]) => {
      const reply = trackedReply(replies, optIn);
      if (reply.refusal !== undefined) this.#tracking.refused(reply.refusal.message);
      this.#landed(fetch, reply, request.writtenAt);
    });
    this.#submit(fetch, request);
  }

  /** Runs inside of the decoder: what comes behind this reply finds the entry, if it was kept. */
  #landed(fetch: Fetch, { value, ttlMs, tracked }: TrackedReply, writtenAt: number): void {
    const { entry, flight, args } = fetch;
    // The server has counted from a moment after the write.
    const expiresAt = writtenAt + Math.min(ttlMs, this.#options.ttlMs);
    const good = tracked && this.#tracking.state === 'on' && expiresAt > performance.now();
    if (value === undefined) this.#sendPlain(fetch);
    else if (value instanceof RedisError) {
      this.#failed(fetch, () => new ReplyError(value, commandName(args[0])));
    } else {
      if (good) this.#keep(entry, value, expiresAt);
      else this.#store.remove(entry);
      this.#end(flight, { value });
    }
  }

  /** The server has not executed the transaction: it may be busy, or not allow it. The read alone tells. */
  #sendPlain(fetch: Fetch): void {
    const { entry, flight, args } = fetch;
    this.#store.remove(entry);
    const answer = (value: RespValue): void => this.#end(flight, { value });
    this.#submit(fetch, this.#request(fetch, undefined, sizeOf(args), answer));
  }

  /** What many wait for has no deadline and no signal of its own. */
  #request(fetch: Fetch, batch: Command['batch'], bytes: number, answered: (reply: never) => void): Command {
    const { replies, maps } = fetch.form;
    const settings = {
      ...callSettings(this.#engine.options),
      timeoutMs: Number.POSITIVE_INFINITY,
      replies,
      maps,
    };
    return new Command(
      fetch.args,
      batch,
      settings,
      true,
      Number.POSITIVE_INFINITY,
      bytes,
      answered,
      (error) => this.#failed(fetch, () => error),
      this.#sink,
    );
  }

  #submit({ flight }: Fetch, request: Command): void {
    flight.request = request;
    this.#sink.submit(request);
  }

  #keep(entry: CacheEntry, value: RespValue, expiresAt: number): void {
    if (!this.#store.holds(entry)) return;
    const size = entrySize(entry.key, entry.variant, value);
    // To copy what is not kept is work for nothing.
    if (size === undefined || size > this.#options.maxBytes) this.#store.remove(entry);
    else this.#store.keep(entry, kept(value), size, expiresAt);
  }

  #failed({ entry, flight }: Fetch, error: () => Error): void {
    this.#store.remove(entry);
    this.#end(flight, { error });
  }

  #end(flight: Flight, outcome: Parameters<Flight['end']>[0]): void {
    this.#flights.delete(flight);
    flight.end(outcome);
    if (this.#flights.size === 0) this.#timer.clear();
  }

  /** Nobody waits for it any more. */
  #abandon({ entry, flight: { request } }: Fetch): void {
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
}
