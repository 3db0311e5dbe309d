import { randomUUID } from 'node:crypto';
import { isTransient, type RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { unwatchAbort, watchAbort } from './abort-watch.js';
import { abortion } from './abortion.js';
import { replyList } from './address.js';
import { checkOptions, checkSignal, durationMs } from './checks.js';
import type { Counters } from './counters.js';
import { type Header, unseal } from './envelope.js';
import { ChannelClosedError, HandlerError, RequestTimeoutError } from './errors.js';
import { Inbox } from './inbox.js';
import type { Opener } from './opener.js';

export interface RequestOptions {
  /** How long to wait for the reply, in ms. A request that nobody has taken by then is not handled any more. @default 10_000 */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait for the reply. The request may be handled all the same, unless it still waits for room. */
  readonly signal?: AbortSignal | undefined;
}

/** What a request has on its envelope. */
export type RequestHeader = Pick<Header, 'id' | 'from' | 'ttl'>;

interface Pending<Incoming> {
  resolve(reply: Incoming): void;
  reject(error: unknown): void;
}

/** Waits go on for so long after the last reply, in ms: the next request finds one under way. */
const LINGER_MS = 1_000;
/** How long `close()` tries to remove the list of replies, in ms. */
const UNLINK_MS = 500;
/** From so many open requests on, replies are fetched many at a time. */
const MANY = 8;

/** Sends requests and tells replies apart. Replies come to a list of its own, so that no other receiver takes them. */
export class Requester<Incoming> {
  readonly #driver: RedisDriver;
  readonly #channel: string;
  readonly #list: string;
  readonly #opener: Pick<Opener<Incoming>, 'data'>;
  readonly #counters: Counters;
  readonly #inbox: Inbox;
  readonly #id: string = randomUUID();
  readonly #pending: Map<string, Pending<Incoming>> = new Map();
  #count = 0;
  #listening: Promise<void> | undefined;
  #closed = false;

  constructor(
    place: {
      readonly driver: RedisDriver;
      readonly channel: string;
      readonly list: string;
      readonly replies: 'string' | 'bytes';
    },
    opener: Pick<Opener<Incoming>, 'data'>,
    counters: Counters,
  ) {
    this.#driver = place.driver;
    this.#channel = place.channel;
    this.#list = replyList(place.list, this.#id, place.driver);
    this.#opener = opener;
    this.#counters = counters;
    this.#inbox = new Inbox({ ...place, list: this.#list }, counters);
  }

  /** `send` sends the request with this on its envelope, or leaves it when the signal says that nobody waits any more. */
  async request(
    send: (header: RequestHeader, signal: AbortSignal) => Promise<unknown>,
    options: RequestOptions,
  ): Promise<Incoming> {
    checkOptions(options, 'options');
    const { timeoutMs = 10_000, signal } = options;
    checkSignal(signal);
    const ms = durationMs(timeoutMs, 'timeoutMs');
    if (this.#closed) throw new ChannelClosedError(this.#channel);
    if (signal?.aborted) throw abortion('a request', signal);
    const id = String(++this.#count);
    const ttl = ms === Number.POSITIVE_INFINITY ? undefined : ms;
    const over = new AbortController();
    const aborted = (): void => {
      // When it still waits to be sent, that is its end: it is known then that nobody has it.
      over.abort(signal?.reason);
      queueMicrotask(() => this.#pending.get(id)?.reject(abortion('a request', signal, true)));
    };
    const watcher = { aborted };
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Incoming>((resolve, reject) => {
        this.#pending.set(id, { resolve, reject });
        if (ttl !== undefined)
          timer = setTimeout(() => reject(new RequestTimeoutError(this.#channel, ms)), ms);
        if (signal !== undefined) watchAbort(signal, watcher);
        this.#listen();
        send({ id, from: this.#id, ttl }, over.signal).catch(reject);
      });
    } finally {
      clearTimeout(timer);
      if (signal !== undefined) unwatchAbort(signal, watcher);
      this.#pending.delete(id);
      over.abort();
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#rejectAll(new ChannelClosedError(this.#channel));
    await this.#inbox.close();
    await this.#listening;
    if (this.#count === 0) return;
    // It would expire by itself.
    await this.#driver.send(['UNLINK', this.#list], { timeoutMs: UNLINK_MS }).catch(() => undefined);
  }

  #listen(): void {
    this.#listening ??= this.#run().finally(() => {
      this.#listening = undefined;
      // Somebody may have asked in the last moment.
      if (this.#pending.size > 0) this.#listen();
    });
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const many = this.#pending.size >= MANY ? 100 : 1;
      try {
        const demand = { max: many, waitMs: LINGER_MS, signal: undefined, ahead: many };
        const taken = await this.#inbox.take(demand);
        if (taken.length === 0 && this.#pending.size === 0) return;
        for (const { raw } of taken) await this.#settle(raw);
      } catch (error) {
        if (!isTransient(error)) this.#rejectAll(error);
        if (!isTransient(error) || this.#pending.size === 0) return;
      }
    }
  }

  async #settle(raw: Encoded): Promise<void> {
    let pending: Pending<Incoming> | undefined;
    try {
      const { header } = unseal(raw);
      pending = this.#pending.get(header?.re ?? '');
      if (pending === undefined) this.#counters.lateReplies++;
      else if (header?.error !== undefined) pending.reject(new HandlerError(header.error));
      else pending.resolve(await this.#opener.data(raw));
    } catch (error) {
      this.#counters.undecodable++;
      pending?.reject(error);
    }
  }

  #rejectAll(error: unknown): void {
    for (const { reject } of this.#pending.values()) reject(error);
  }
}
