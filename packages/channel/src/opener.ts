import { DecodeError, type Encoded } from '@redlane/client/codec';
import type { ChannelCodec } from './codec.js';
import { type Header, isSealed, unseal } from './envelope.js';
import { type Live, liveAt } from './expired.js';
import type { ServerClock } from './server-clock.js';

/** A message that was read. */
export interface Opened<Incoming> {
  readonly data: Incoming;
  /** `undefined`: it had no envelope. */
  readonly header: Header | undefined;
}

/** Reads messages, with or without envelopes. */
export class Opener<Incoming> {
  readonly #codec: Pick<ChannelCodec<Incoming, never>, 'decode'>;
  readonly #clock: ServerClock | undefined;

  /** With a clock, envelopes are opened. */
  constructor(codec: Pick<ChannelCodec<Incoming, never>, 'decode'>, clock: ServerClock | undefined) {
    this.#codec = codec;
    this.#clock = clock;
  }

  /** Something is about to be taken: what is needed to read it is asked for before. */
  prepare(): void {
    this.#clock?.prepare();
  }

  /** Tells messages whose time is over by now. `undefined`: there are none. Rejects when the clock cannot be asked. */
  async live(): Promise<Live | undefined> {
    return this.#clock === undefined ? undefined : liveAt(await this.#clock.now());
  }

  /** `undefined`: its time is over. @throws DecodeError (`DECODE_FAILED`), which has all of the bytes */
  open(raw: Encoded): Opened<Incoming> | undefined | Promise<Opened<Incoming> | undefined> {
    if (this.#clock !== undefined) return this.#unseal(raw, this.#clock);
    const data = this.data(raw);
    return data instanceof Promise ? data.then(withoutHeader) : withoutHeader(data);
  }

  /** What it says, whether or not its time is over. @throws DecodeError (`DECODE_FAILED`) */
  data(raw: Encoded): Incoming | Promise<Incoming> {
    if (this.#clock !== undefined) return this.#decode(unseal(raw).payload, raw);
    try {
      return this.#decode(raw);
    } catch (error) {
      if (!(error instanceof DecodeError) || !isSealed(raw)) throw error;
      throw new DecodeError(raw, 'it is in an envelope, which this end opens with envelope: true', {
        cause: error,
      });
    }
  }

  #unseal(
    raw: Encoded,
    clock: ServerClock,
  ): Opened<Incoming> | undefined | Promise<Opened<Incoming> | undefined> {
    const { header, payload } = unseal(raw);
    const open = () => this.#opened(this.#decode(payload, raw), header);
    if (header?.ttl === undefined) return open();
    const until = header.at + header.ttl;
    const now = clock.now();
    if (typeof now === 'number') return now > until ? undefined : open();
    return now.then((later) => (later > until ? undefined : open()));
  }

  #opened(
    data: Incoming | Promise<Incoming>,
    header: Header | undefined,
  ): Opened<Incoming> | Promise<Opened<Incoming>> {
    return data instanceof Promise ? data.then((one) => ({ data: one, header })) : { data, header };
  }

  /** Any error of a codec is about what it was given: the message, `raw` with its envelope. */
  #decode(payload: Encoded, raw: Encoded = payload): Incoming | Promise<Incoming> {
    try {
      const data = this.#codec.decode(payload);
      return data instanceof Promise ? data.catch((error) => rethrow(error, payload, raw)) : data;
    } catch (error) {
      return rethrow(error, payload, raw);
    }
  }
}

function rethrow(error: unknown, payload: Encoded, raw: Encoded): never {
  if ((error as { code?: unknown } | undefined)?.code !== 'DECODE_FAILED') {
    throw new DecodeError(raw, 'the codec has failed', { cause: error });
  }
  if (raw === payload) throw error;
  const { message, issues } = error as DecodeError;
  throw new DecodeError(raw, `in its envelope: ${message}`, { cause: error, issues });
}

function withoutHeader<Incoming>(data: Incoming): Opened<Incoming> {
  return { data, header: undefined };
}
