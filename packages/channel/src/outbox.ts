import { setTimeout as delay } from 'node:timers/promises';
import type { CommandArgument, RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { abortion } from './abortion.js';
import type { Counters } from './counters.js';
import { ChannelClosedError, ChannelFullError } from './errors.js';
import type { ChannelSettings } from './options.js';
import { Parcel } from './parcel.js';
import { SEND } from './send-script.js';

/** In one command; more would hold up other users of the server. */
export const MOST_AT_ONCE = 1_000;
/** Bytes, or UTF-16 units of texts. */
const MOST_SIZE = 1 << 20;
/** How long a sender waits before it looks for room again. */
const LEAST_WAIT_MS = 1;
const MOST_WAIT_MS = 100;

export type OutboxSettings = Pick<ChannelSettings, 'expireMs' | 'maxLength' | 'overflow'>;

/**
 * Sends to one list, in the order of the calls. What is sent in one tick goes in one command, and commands do not wait for
 * each other, except where the next depends on what has become of the last: within a parcel, and for want of room.
 */
export class Outbox {
  readonly #driver: RedisDriver;
  readonly #list: string;
  readonly #channel: string;
  readonly #settings: OutboxSettings;
  readonly #counters: Counters;
  /** A plain RPUSH does. */
  readonly #plain: boolean;
  /** Parcels may wait for room, and then take what there is. */
  readonly #waits: boolean;
  #waiting: Parcel[] = [];
  #scheduled = false;
  #pumping: Promise<void> | undefined;
  readonly #sending: Set<Promise<void>> = new Set();
  readonly #closing: AbortController = new AbortController();

  constructor(
    driver: RedisDriver,
    place: { readonly list: string; readonly channel: string },
    settings: OutboxSettings,
    counters: Counters,
  ) {
    this.#driver = driver;
    this.#list = place.list;
    this.#channel = place.channel;
    this.#settings = settings;
    this.#counters = counters;
    const isLimited = settings.maxLength !== Number.POSITIVE_INFINITY;
    this.#plain = settings.expireMs === undefined && !isLimited;
    this.#waits = isLimited && settings.overflow === 'wait';
  }

  /**
   * Sends these one after the other, and resolves to the length of the list after the last. Up to `MOST_AT_ONCE` are sent
   * whole or not at all, unless they wait for room. After one that was not sent none is.
   */
  send(raws: readonly Encoded[], signal: AbortSignal | undefined): Promise<number> {
    if (this.#closing.signal.aborted) return Promise.reject(new ChannelClosedError(this.#channel));
    if (signal?.aborted) return Promise.reject(abortion('a message', signal));
    return new Promise((resolve, reject) => {
      this.#waiting.push(new Parcel(raws, signal, resolve, reject));
      this.#schedule();
    });
  }

  /** Sends what was called, and turns away what waits for room. Resolves when nothing is under way. */
  async close(): Promise<void> {
    if (this.#scheduled) this.#flush();
    this.#closing.abort();
    while (this.#pumping !== undefined) {
      await this.#pumping;
      if (this.#scheduled) this.#flush();
    }
    await Promise.all(this.#sending);
  }

  #schedule(): void {
    if (this.#scheduled || this.#pumping !== undefined) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      if (this.#scheduled) this.#flush();
    });
  }

  /** Writes at once what does not have to wait for what becomes of the rest. */
  #flush(): void {
    this.#scheduled = false;
    this.#dropSettled();
    const waiting = this.#waiting;
    for (let from = 0; from < waiting.length; ) {
      const parcels = this.#next(from, MOST_AT_ONCE);
      const writing = this.#write(parcels);
      if (this.#decidesTheNext(parcels)) {
        this.#waiting = waiting.slice(from);
        this.#pumping = (this.#waits ? this.#pump(writing) : writing).then(() => {
          this.#pumping = undefined;
          if (this.#waiting.length > 0) this.#schedule();
        });
        return;
      }
      from += parcels.length;
      const sending = writing.then(() => void this.#sending.delete(sending));
      this.#sending.add(sending);
    }
    this.#waiting = [];
  }

  #decidesTheNext(parcels: readonly Parcel[]): boolean {
    const last = parcels.at(-1);
    return this.#waits || (last !== undefined && last.sending < last.left);
  }

  /** Goes on as there is room, one command at a time so that nothing overtakes, until nothing waits. */
  async #pump(first: Promise<boolean>): Promise<void> {
    const { signal: closing } = this.#closing;
    let isFull = !(await first);
    let waitMs = LEAST_WAIT_MS;
    while (this.#dropSettled()) {
      const room = isFull ? await this.#room() : MOST_AT_ONCE;
      if (isFull && closing.aborted) {
        this.#turnAway();
      } else if (room <= 0) {
        await delay(waitMs * (0.5 + Math.random() / 2), undefined, { signal: closing }).catch(
          () => undefined,
        );
        waitMs = Math.min(2 * waitMs, MOST_WAIT_MS);
      } else if (this.#dropSettled()) {
        waitMs = LEAST_WAIT_MS;
        const hadRoom = await this.#write(this.#next(0, Math.min(room, MOST_AT_ONCE)));
        isFull ||= !hadRoom;
      }
    }
  }

  /** For how many messages there is room; that alone is asked while there is none, and no message goes over the wire. */
  async #room(): Promise<number> {
    try {
      return this.#settings.maxLength - Number(await this.#driver.send(['LLEN', this.#list]));
    } catch {
      // The next that is sent will meet it, too.
      return MOST_AT_ONCE;
    }
  }

  /** False: nothing waits. */
  #dropSettled(): boolean {
    this.#waiting = this.#waiting.filter(({ settled }) => !settled);
    return this.#waiting.length > 0;
  }

  /** What goes in the next command, at least one message; of the last parcel perhaps a part. They stay in the queue. */
  #next(from: number, most: number): readonly Parcel[] {
    let to = from;
    let size = 0;
    let bytes = 0;
    for (; to < this.#waiting.length; to++) {
      const parcel = this.#waiting[to] as Parcel;
      const { raws, sent, left } = parcel;
      let take = 0;
      while (take < left && size + take < most) {
        bytes += raws[sent + take]?.length ?? 0;
        if (bytes > MOST_SIZE && size + take > 0) break;
        take++;
      }
      if (take < left && !this.#waits && raws.length <= MOST_AT_ONCE) {
        if (to > from) break;
        take = left;
      }
      if (take === 0) break;
      parcel.sending = take;
      size += take;
      if (take < left) return this.#waiting.slice(from, to + 1);
    }
    return this.#waiting.slice(from, to);
  }

  /** Settles those that were sent or failed. False: there was no room for all that wait for it. Never rejects. */
  async #write(parcels: readonly Parcel[]): Promise<boolean> {
    try {
      return this.#plain ? await this.#push(parcels) : await this.#run(parcels);
    } catch (error) {
      for (const parcel of parcels) parcel.fail(error);
      // The others would meet the same, one after the other.
      if (this.#closing.signal.aborted) this.#turnAway();
      return true;
    }
  }

  /** All but what is on its way. */
  #turnAway(): void {
    for (const parcel of this.#waiting) {
      if (parcel.sending === 0) parcel.fail(new ChannelClosedError(this.#channel));
    }
  }

  async #push(parcels: readonly Parcel[]): Promise<true> {
    const args: CommandArgument[] = ['RPUSH', this.#list];
    for (const parcel of parcels) addTo(args, parcel);
    let length = Number(await this.#driver.send(args)) - (args.length - 2);
    for (const parcel of parcels) {
      length += parcel.sending;
      parcel.arrived(parcel.sending, length);
    }
    return true;
  }

  async #run(parcels: readonly Parcel[]): Promise<boolean> {
    const { expireMs, maxLength, overflow } = this.#settings;
    const most = maxLength === Number.POSITIVE_INFINITY ? 0 : maxLength;
    const expiry = expireMs === null ? 'persist' : (expireMs ?? '');
    const args: CommandArgument[] = [expiry, most, overflow, parcels.length];
    for (const { sending, left } of parcels) args.push(sending, left);
    for (const parcel of parcels) addTo(args, parcel);
    const replies = (await this.#driver.run(SEND, [this.#list], args)) as readonly number[];
    this.#counters.dropped += replies.at(-1) ?? 0;
    let isRoom = true;
    for (const [i, parcel] of parcels.entries()) {
      const count = replies[2 * i] as number;
      const length = replies[2 * i + 1] as number;
      const lacks = count < parcel.sending;
      parcel.arrived(count, most > 0 ? Math.min(length, most) : length);
      if (lacks && this.#waits) isRoom = false;
      else if (lacks) parcel.fail(new ChannelFullError(this.#list, maxLength));
    }
    return isRoom;
  }
}

function addTo(args: CommandArgument[], { raws, sent, sending }: Parcel): void {
  for (let i = sent; i < sent + sending; i++) args.push(raws[i] as Encoded);
}
