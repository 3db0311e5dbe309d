import { InvalidOptionError, type RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { checkInteger } from './checks.js';
import type { ChannelCodec } from './codec.js';
import type { Counters } from './counters.js';
import { type Header, seal } from './envelope.js';
import type { ChannelSettings } from './options.js';
import { MOST_AT_ONCE, Outbox } from './outbox.js';
import type { ServerClock } from './server-clock.js';

/** How to send a message. */
export interface SendOptions {
  /** The message is of no use any more so long after it was sent, in ms. Needs `envelope`. @default Infinity */
  readonly ttlMs?: number | undefined;
  /** Ends the wait for room (`overflow: 'wait'`). */
  readonly signal?: AbortSignal | undefined;
}

export interface SenderParts<Outgoing> {
  readonly driver: RedisDriver;
  readonly channel: string;
  readonly list: string;
  readonly codec: Pick<ChannelCodec<never, Outgoing>, 'encode'>;
  /** With a clock, messages go in envelopes. */
  readonly clock: ServerClock | undefined;
  readonly settings: ChannelSettings;
  readonly counters: Counters;
}

/** Writes messages and sends them, in the order of the calls, however long each takes to be written. */
export class Sender<Outgoing> {
  readonly #parts: SenderParts<Outgoing>;
  readonly #outbox: Outbox;
  /** The last message that takes time to be written: later ones must not overtake it. */
  #writing: Promise<unknown> | undefined;

  constructor(parts: SenderParts<Outgoing>) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.driver, parts, parts.settings, parts.counters);
  }

  /** `header`: what else is to stand on the envelope. */
  send(data: Outgoing, options: SendOptions, header?: Pick<Header, 'id' | 'from' | 'ttl'>): Promise<number> {
    const { codec, clock } = this.#parts;
    if (clock === undefined && options.ttlMs === undefined && this.#writing === undefined) {
      const raw = codec.encode(data);
      if (!(raw instanceof Promise)) return this.#outbox.send([raw], options.signal);
      return this.#sendLater(raw, options);
    }
    return this.#sendLater(this.#write(data, options, header), options);
  }

  async sendAll(messages: Iterable<Outgoing>, options: SendOptions): Promise<number> {
    const { driver, list, settings } = this.#parts;
    const writing = Array.from(messages, (data) => this.#write(data, options));
    if (writing.length === 0) return Number(await driver.send(['LLEN', list]));
    const raws = await this.#inTurn(Promise.all(writing));
    // Who waits for room takes what there is.
    const size = settings.overflow === 'wait' ? 1 : MOST_AT_ONCE;
    const sends: Promise<number>[] = [];
    for (let from = 0; from < raws.length; from += size) {
      sends.push(this.#outbox.send(raws.slice(from, from + size), options.signal));
    }
    return (await Promise.all(sends)).at(-1) ?? 0;
  }

  /** Sends what was called, and turns away what waits for room. */
  async close(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
    await this.#outbox.close();
  }

  async #sendLater(writing: Promise<Encoded>, { signal }: SendOptions): Promise<number> {
    return this.#outbox.send([await this.#inTurn(writing)], signal);
  }

  /** Resolves after all before it have. */
  async #inTurn<T>(writing: Promise<T>): Promise<T> {
    const all = Promise.allSettled([this.#writing, writing]);
    this.#writing = all;
    await all;
    if (this.#writing === all) this.#writing = undefined;
    return writing;
  }

  /** What goes on the wire, in an envelope when there is one. */
  async #write(
    data: Outgoing,
    { ttlMs }: SendOptions,
    header?: Pick<Header, 'id' | 'from' | 'ttl'>,
  ): Promise<Encoded> {
    const { codec, clock } = this.#parts;
    if (clock === undefined && ttlMs !== undefined) throw needsEnvelope('ttlMs');
    const ttl = ttlMs === Number.POSITIVE_INFINITY ? undefined : ttlMs;
    if (ttl !== undefined) checkInteger(ttl, 'ttlMs', 1, Number.MAX_SAFE_INTEGER);
    const began = performance.now();
    const raw = await codec.encode(data);
    if (clock === undefined) return raw;
    // Its time begins with the call.
    const at = (await clock.now()) - Math.round(performance.now() - began);
    return seal({ at, ttl, ...header }, raw);
  }
}

export function needsEnvelope(what: string): InvalidOptionError {
  return new InvalidOptionError('envelope', `must be true for ${what}, at both ends of the channel`);
}
