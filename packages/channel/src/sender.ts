import { setTimeout as delay } from 'node:timers/promises';
import { InvalidOptionError, type RedisDriver } from '@redlane/client';
import type { Encoded } from '@redlane/client/codec';
import { checkInteger, checkOptions, checkSignal } from './checks.js';
import type { ChannelCodec } from './codec.js';
import type { Counters } from './counters.js';
import { type Header, seal } from './envelope.js';
import type { ChannelSettings } from './options.js';
import { Outbox } from './outbox.js';
import type { ServerClock } from './server-clock.js';

/** How to send a message. */
export interface SendOptions {
  /** The message is of no use any more so long after it was sent, in ms. Needs `envelope`. @default Infinity */
  readonly ttlMs?: number | undefined;
  /** Takes back what has not been sent: what waits for room (`overflow: 'wait'`), or for messages before it. */
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

type RequestHeader = Pick<Header, 'id' | 'from' | 'ttl'>;

/** How long `close()` waits for codecs and schemas, in ms. */
const WRITE_MS = 5_000;

/** Writes messages and sends them, in the order of the calls, however long each takes to be written. */
export class Sender<Outgoing> {
  readonly #parts: SenderParts<Outgoing>;
  readonly #outbox: Outbox;
  /** Resolves when the last of those that take time to be written is with the outbox: later ones must not overtake it. */
  #turn: Promise<void> | undefined;

  constructor(parts: SenderParts<Outgoing>) {
    this.#parts = parts;
    this.#outbox = new Outbox(parts.driver, parts, parts.settings, parts.counters);
  }

  /** `header`: what else is to stand on the envelope. */
  send(data: Outgoing, options: SendOptions, header?: RequestHeader): Promise<number> {
    try {
      const raw = this.#write(data, header ?? this.#headerOf(options));
      if (raw instanceof Promise) {
        return this.#sendInTurn(
          raw.then((one) => [one]),
          options,
        );
      }
      return this.#send([raw], options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async sendAll(messages: Iterable<Outgoing>, options: SendOptions): Promise<number> {
    const header = this.#headerOf(options);
    checkIterable(messages);
    const raws: (Encoded | Promise<Encoded>)[] = [];
    let takesTime = false;
    for (const data of messages) {
      const raw = this.#write(data, header);
      if (raw instanceof Promise) {
        takesTime = true;
        // It is heard of in its turn, unless one before it fails.
        raw.catch(() => undefined);
      }
      raws.push(raw);
    }
    const { driver, list } = this.#parts;
    if (raws.length === 0) return Number(await driver.send(['LLEN', list]));
    return takesTime
      ? this.#sendInTurn(Promise.all(raws), options)
      : this.#send(raws as readonly Encoded[], options);
  }

  /** Sends what was called, and turns away what waits for room. */
  async close(): Promise<void> {
    const enough = new AbortController();
    const late = delay(WRITE_MS, undefined, { signal: enough.signal }).catch(() => undefined);
    await Promise.race([this.#written(), late]);
    enough.abort();
    await this.#outbox.close();
  }

  async #written(): Promise<void> {
    while (this.#turn !== undefined) await this.#turn;
  }

  #send(raws: readonly Encoded[], options: SendOptions): Promise<number> {
    if (this.#turn === undefined) return this.#outbox.send(raws, options.signal);
    return this.#sendInTurn(Promise.resolve(raws), options);
  }

  /** Sends it after all before it. */
  async #sendInTurn(writing: Promise<readonly Encoded[]>, { signal }: SendOptions): Promise<number> {
    const before = this.#turn;
    let over: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      over = resolve;
    });
    this.#turn = turn;
    writing.catch(() => undefined);
    await before;
    try {
      const raws = await writing;
      return this.#outbox.send(raws, signal);
    } finally {
      if (this.#turn === turn) this.#turn = undefined;
      over();
    }
  }

  #headerOf(options: SendOptions): RequestHeader | undefined {
    checkOptions(options, 'options');
    const { ttlMs, signal } = options;
    checkSignal(signal);
    if (ttlMs === undefined) return undefined;
    if (this.#parts.clock === undefined) throw needsEnvelope('ttlMs');
    if (ttlMs === Number.POSITIVE_INFINITY) return undefined;
    checkInteger(ttlMs, 'ttlMs', 1, Number.MAX_SAFE_INTEGER);
    return { ttl: ttlMs };
  }

  /** What goes on the wire, in an envelope when there is one. */
  #write(data: Outgoing, header: RequestHeader | undefined): Encoded | Promise<Encoded> {
    const { codec, clock } = this.#parts;
    const raw = codec.encode(data);
    if (clock === undefined) return raw;
    if (!(raw instanceof Promise)) {
      const now = clock.now();
      if (!(now instanceof Promise)) return seal({ at: now, ...header }, raw);
    }
    return sealLater(raw, clock, header);
  }
}

/** Its time begins with the call. */
async function sealLater(
  writing: Encoded | Promise<Encoded>,
  clock: ServerClock,
  header: RequestHeader | undefined,
): Promise<Encoded> {
  const called = performance.now();
  const raw = await writing;
  const now = await clock.now();
  return seal({ at: now - Math.round(performance.now() - called), ...header }, raw);
}

/** A text is iterable, too, and nobody means its characters. */
function checkIterable(messages: unknown): void {
  if (typeof messages === 'object' && messages !== null && Symbol.iterator in messages) return;
  throw new InvalidOptionError(
    'messages',
    `must be an array or another iterable of messages, got ${typeof messages}`,
  );
}

export function needsEnvelope(what: string): InvalidOptionError {
  return new InvalidOptionError('envelope', `must be true for ${what}, at both ends of the channel`);
}
