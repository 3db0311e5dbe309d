import type { DriverSource, RedisDriver } from '@redlane/client';
import type { JsonValue } from '@redlane/client/codec';
import { type DeadLetter, ListConsumer, type NackOptions } from '@redlane/client/list-consumer';
import {
  type ChannelName,
  channelName,
  keysBeside,
  otherPeer,
  type Peer,
  replyList,
  withHashTag,
} from './address.js';
import { checkInteger } from './checks.js';
import { type ChannelCodec, channelCodec } from './codec.js';
import { type Counters, newCounters } from './counters.js';
import type { Delivery, Received } from './delivery.js';
import { destroyList } from './destroy.js';
import { channelsBelow } from './directory.js';
import { type Header, seal } from './envelope.js';
import { ChannelClosedError, type HandlerFailure } from './errors.js';
import { ExpiryRenewal } from './expiry-renewal.js';
import type { Intake } from './intake.js';
import { openDriver } from './open-driver.js';
import { Opener } from './opener.js';
import { type ChannelOptions, type ChannelSettings, resolveOptions } from './options.js';
import { MOST_AT_ONCE } from './outbox.js';
import { PlainIntake } from './plain-intake.js';
import { Receiver } from './receiver.js';
import { ReliableIntake } from './reliable-intake.js';
import { Requester, type RequestOptions } from './requester.js';
import { needsEnvelope, Sender, type SendOptions } from './sender.js';
import { ServerClock } from './server-clock.js';
import { type Handler, type ServeOptions, Serving } from './serving.js';
import { type ChannelStats, readStats } from './stats.js';
import { type WaitOptions, waitOf } from './wait-options.js';

export interface MessagesOptions {
  /** Ends the iteration, with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /** How many messages to hold ahead; without `reliable` a crash loses them. @default the channel's */
  readonly prefetch?: number | undefined;
}

/** How long a reply waits for its requester, in ms. */
const REPLY_MS = 60_000;
const NOT_AT_ALL = { waitMs: 0, signal: undefined };

/**
 * One end of a duplex channel: two lists in Redis, one for each direction, with a JSON text for each message. The other end
 * may be one of these, or Python's `RedisChannel`.
 *
 * Messages of one direction come in the order in which they were sent, each to one receiver. At most once: what was received
 * is gone. With `reliable: true` at least once: a receive gives a {@link Delivery}, which stays in Redis until it is acked.
 *
 * The server is given as a port, `[host, port]`, a URL or options (then all channels of this process share one client), or as
 * a `RedisClient`, a `RedisDriver`, or an ioredis `Redis` or `Cluster`. Nothing is opened before the first command.
 *
 * @example
 * const client = new RedisChannel(6379, '/foo', 'client');
 * const server = new RedisChannel(6379, '/foo', 'server');
 * await client.sendMsg('c2s');
 * await server.recvMsg(); // 'c2s'
 */
export class RedisChannel<Incoming = JsonValue, Outgoing = JsonValue, Reliable extends boolean = false>
  implements AsyncDisposable, AsyncIterable<Received<Incoming, Reliable>>
{
  /** The channel's name, as `/foo`. */
  readonly channel: string;
  readonly peer: Peer;
  /** Key of the list that is sent to. */
  readonly sendListName: string;
  /** Key of the list that is received from. */
  readonly recvListName: string;
  readonly driver: RedisDriver;
  readonly #settings: ChannelSettings;
  readonly #codec: ChannelCodec<Incoming, Outgoing>;
  readonly #counters: Counters = newCounters();
  readonly #clock: ServerClock | undefined;
  readonly #opener: Opener<Incoming>;
  readonly #sender: Sender<Outgoing>;
  readonly #consumer: ListConsumer<'bytes' | 'string'>;
  readonly #intake: Intake;
  readonly #receiver: Receiver<Incoming, Reliable>;
  readonly #closeDriver: () => Promise<void>;
  readonly #serving: Set<Serving<Incoming, Outgoing>> = new Set();
  #requester: Requester<Incoming> | undefined;
  #closed: Promise<void> | undefined;

  /**
   * A number for `options` is the seed's argument: after so many seconds without a send, what was sent expires.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`)
   */
  constructor(
    address: DriverSource,
    channel: ChannelName,
    peer: Peer,
    options: ChannelOptions<Incoming, Outgoing, Reliable> | number = {},
  ) {
    const given: ChannelOptions<Incoming, Outgoing, Reliable> =
      typeof options === 'number' ? { expireMs: options * 1_000 } : options;
    const settings = resolveOptions(given);
    const other = otherPeer(peer);
    this.channel = channelName(channel, settings);
    this.peer = peer;
    this.#settings = settings;
    this.#codec = channelCodec(given);
    const { driver, close } = openDriver(address);
    this.driver = driver;
    this.#closeDriver = close;
    const isTagged = settings.hashTag && driver.topology === 'cluster';
    const base = isTagged ? withHashTag(this.channel) : this.channel;
    this.sendListName = `${base}/${peer}`;
    this.recvListName = `${base}/${other}`;
    try {
      this.#consumer = this.#newConsumer(given);
    } catch (error) {
      void close();
      throw error;
    }
    this.#clock = settings.envelope ? new ServerClock(driver) : undefined;
    this.#opener = new Opener(this.#codec, this.#clock);
    const counters = this.#counters;
    this.#sender = new Sender({
      driver,
      channel: this.channel,
      list: this.sendListName,
      codec: this.#codec,
      clock: this.#clock,
      settings,
      counters,
    });
    this.#intake = this.#newIntake();
    this.#receiver = new Receiver({
      intake: this.#intake,
      opener: this.#opener,
      settler: settings.reliable ? this.#consumer : undefined,
      renewal: this.#newRenewal(),
      counters,
      onUndecodable: given.onUndecodable,
    });
  }

  /**
   * Sends a message. Those of one tick go in one command, in the order of the calls.
   *
   * @returns how many messages are in the list now, this one included
   * @throws EncodeError (`ENCODE_FAILED`) for what the codec cannot write or the schema refuses; ChannelFullError
   * (`CHANNEL_FULL`); AbortError (`ABORTED`); ChannelClosedError (`CLOSED`); ReplyError; the connection's errors, whose
   * `maybeExecuted` says whether the message may have been sent
   */
  sendMsg(data: Outgoing, options: SendOptions = {}): Promise<number> {
    return this.#open(() => this.#sender.send(data, options));
  }

  /**
   * Sends many messages: up to 1,000 of them appear at once, and with the policy `reject` they are refused together.
   *
   * @returns as `sendMsg`, after the last
   * @throws as `sendMsg`
   */
  sendMsgs(messages: Iterable<Outgoing>, options: SendOptions = {}): Promise<number> {
    return this.#open(() => this.#sender.sendAll(messages, options));
  }

  /**
   * Receives the oldest message, if there is one.
   *
   * @returns `undefined` for none; `null` is a message
   * @throws DecodeError (`DECODE_FAILED`) for a message that cannot be read, which is a dead letter then; ReplyError; the
   * connection's errors
   */
  recvMsg(): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#receiver.one(NOT_AT_ALL));
  }

  /**
   * Receives the oldest message, and waits for one when there is none. A number is the seed's argument: seconds, 0 for ever.
   *
   * Losses of the connection and failovers are survived, with the time that is left. An abort loses nothing: what the server
   * had handed out by then is returned, or received by the next call, or put back at `close()`.
   *
   * @returns `undefined` when the time is over
   * @throws AbortError (`ABORTED`); as `recvMsg`; the connection's last error, when there was none by the end of the time
   */
  brecvMsg(wait: number | WaitOptions = {}): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#receiver.one(waitOf(wait)));
  }

  /**
   * Receives up to `max` messages, oldest first. When one cannot be read, those before it are received, and the next call
   * throws.
   */
  recvMsgs(max: number): Promise<Received<Incoming, Reliable>[]> {
    return this.#many(max, { timeoutMs: 0 });
  }

  /** Receives up to `max` messages, oldest first, and waits for the first of them. None: the time is over. */
  brecvMsgs(max: number, wait: number | WaitOptions = {}): Promise<Received<Incoming, Reliable>[]> {
    return this.#many(max, wait);
  }

  /** Receives the newest message and removes all others, in one step. */
  recvLastMsg(): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#receiver.last(NOT_AT_ALL));
  }

  /** As `recvLastMsg`, and waits when there is none. */
  brecvLastMsg(wait: number | WaitOptions = {}): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#receiver.last(waitOf(wait)));
  }

  /** Looks at the message that is received next. */
  peekMsg(): Promise<Incoming | undefined> {
    return this.#open(() => this.#receiver.peek('oldest'));
  }

  /** Looks at the newest message. */
  rpeekMsg(): Promise<Incoming | undefined> {
    return this.#open(() => this.#receiver.peek('newest'));
  }

  /**
   * Messages as they come. It begins with the first `next()`, ends at `close()`, and gives what it held ahead to the next
   * receive. Several iterations may go on at the same time; each message goes to one of them.
   *
   * @throws AbortError (`ABORTED`); as `recvMsg`
   */
  messages({
    signal,
    prefetch = this.#settings.prefetch,
  }: MessagesOptions = {}): AsyncIterableIterator<Received<Incoming, Reliable>, undefined> {
    checkInteger(prefetch, 'prefetch', 0, 10_000);
    return this.#receiver.messages(signal, prefetch);
  }

  /** `messages()` */
  [Symbol.asyncIterator](): AsyncIterableIterator<Received<Incoming, Reliable>, undefined> {
    return this.messages();
  }

  /**
   * Removes deliveries for good, all in one command.
   *
   * @returns how many of them were still held
   */
  ack(deliveries: Delivery<Incoming> | readonly Delivery<Incoming>[]): Promise<number> {
    return this.#consumer.ack(deliveries);
  }

  /** Gives deliveries back, to be delivered again in their old places, or as dead letters. @returns as `ack` */
  nack(
    deliveries: Delivery<Incoming> | readonly Delivery<Incoming>[],
    options?: NackOptions,
  ): Promise<number> {
    return this.#consumer.nack(deliveries, options);
  }

  /** Gives back what dead receivers of this end hold. Reliable receivers do it by themselves. @returns how many */
  recover(): Promise<number> {
    return this.#consumer.recover();
  }

  /** Looks at messages for this end that could not be read, or came back too often, oldest first. @default the first 100 */
  deadLetters(options?: {
    readonly offset?: number;
    readonly count?: number;
  }): Promise<DeadLetter<Uint8Array | string>[]> {
    return this.#consumer.deadLetters(options);
  }

  /** Has the oldest dead letters delivered once more, before all others. @returns how many */
  redrive(max: number): Promise<number> {
    return this.#consumer.redrive(max, { into: this.#settings.reliable ? 'returned' : 'source' });
  }

  /**
   * Sends a request and waits for its reply. Both ends need `envelope`, and the other one a `serve`.
   *
   * @throws HandlerError (`HANDLER_FAILED`); RequestTimeoutError (`REQUEST_TIMEOUT`); AbortError (`ABORTED`); as `sendMsg`
   * and `recvMsg`
   */
  async request(data: Outgoing, options: RequestOptions = {}): Promise<Incoming> {
    this.#checkOpen();
    this.#checkEnvelope('request');
    const place = {
      driver: this.driver,
      channel: this.channel,
      list: this.recvListName,
      replies: this.#codec.replies,
    };
    this.#requester ??= new Requester(place, this.#opener, this.#counters);
    return this.#requester.request((header) => this.#sender.send(data, {}, header), options);
  }

  /**
   * Handles what is received, many at a time, and sends back what the handler returns or throws to those who have asked by
   * `request`. With `reliable` a message is acked when it was handled, and delivered again when it was not.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) without `envelope`
   */
  serve(handler: Handler<Incoming, Outgoing>, options: ServeOptions = {}): Serving<Incoming, Outgoing> {
    this.#checkOpen();
    this.#checkEnvelope('serve');
    const parts = {
      receiver: this.#receiver,
      settler: this.#settings.reliable ? this.#consumer : undefined,
      reply: (request: Header, answer: { data: Outgoing } | { error: HandlerFailure }) =>
        this.#reply(request, answer),
    };
    const serving = new Serving(parts, handler, options);
    this.#serving.add(serving);
    void serving.ended.catch(() => undefined).then(() => this.#serving.delete(serving));
    return serving;
  }

  /**
   * The channels below a prefix, sorted: those that hold a message in one of their lists. Looks at all keys of the server, in
   * steps that hold up nobody.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) for a prefix that does not start and end with `/`
   */
  async listChannel(prefix: ChannelName): Promise<string[]> {
    const channels: string[] = [];
    for await (const channel of this.channels(prefix)) channels.push(channel);
    return channels.sort();
  }

  /** As `listChannel`, as they are found. */
  channels(
    prefix: ChannelName,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<string, void, undefined> {
    return channelsBelow(this.driver, prefix, options);
  }

  stats(): Promise<ChannelStats> {
    return this.#open(() =>
      readStats({
        driver: this.driver,
        sendList: this.sendListName,
        consumer: this.#consumer,
        clock: this.#clock,
        counters: this.#counters,
        buffered: this.#intake.buffered,
        peek: () => this.#intake.peek('oldest'),
      }),
    );
  }

  /** Removes both lists and all that is kept beside them. Close the reliable receivers first: they would write again. */
  async destroyChannel(): Promise<void> {
    this.#checkOpen();
    for (const list of [this.sendListName, this.recvListName]) {
      await destroyList(this.driver, list, keysBeside(list, this.driver));
    }
  }

  /**
   * Ends waits, iterations and requests (`CLOSED`), sends what was called, gives back what was taken and not received, and
   * closes the connections that were opened for it. A client that others share, or that was passed in, stays open.
   *
   * @throws the connection's error when something could not be given back
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await Promise.all(Array.from(this.#serving, (serving) => serving.stop()));
    const outcomes = await Promise.allSettled([
      this.#sender.close(),
      this.#requester?.close(),
      this.#intake.close(),
    ]);
    await this.#closeDriver();
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #many(max: number, wait: number | WaitOptions): Promise<Received<Incoming, Reliable>[]> {
    checkInteger(max, 'max', 1, MOST_AT_ONCE);
    return this.#open(() => this.#receiver.many(max, waitOf(wait)));
  }

  #open<T>(call: () => Promise<T>): Promise<T> {
    try {
      this.#checkOpen();
      return call();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #reply(
    { id, from = '' }: Header,
    answer: { readonly data: Outgoing } | { readonly error: HandlerFailure },
  ): Promise<void> {
    const list = replyList(this.sendListName, from, this.driver);
    const raw = 'data' in answer ? await this.#codec.encode(answer.data) : '';
    const at = (await this.#clock?.now()) ?? 0;
    const error = 'error' in answer ? answer.error : undefined;
    const batch = await this.driver.batch(
      [
        ['RPUSH', list, seal({ at, re: id, error }, raw)],
        ['PEXPIRE', list, REPLY_MS],
      ],
      { atomic: true },
    );
    if (batch.aborted) return;
    for (const reply of batch.replies) if (reply instanceof Error) throw reply;
  }

  #newConsumer({
    consumerId,
    heartbeatMs,
    deadAfterMs,
    maxDeliveries,
  }: ChannelOptions<Incoming, Outgoing, Reliable>): ListConsumer<'bytes' | 'string'> {
    const { prefetch, maxDeadLetters } = this.#settings;
    return new ListConsumer<'bytes' | 'string'>(this.driver, {
      source: this.recvListName,
      keys: keysBeside(this.recvListName, this.driver),
      id: consumerId,
      prefetch: Math.max(1, prefetch),
      heartbeatMs,
      deadAfterMs,
      maxDeliveries,
      maxDeadLetters,
      replies: this.#codec.replies,
    });
  }

  #newIntake(): Intake {
    const { reliable, prefetch, expireMs } = this.#settings;
    const context = {
      driver: this.driver,
      channel: this.channel,
      list: this.recvListName,
      keys: keysBeside(this.recvListName, this.driver),
      replies: this.#codec.replies,
      prefetch,
      expireMs: expireMs ?? undefined,
      counters: this.#counters,
    };
    return reliable ? new ReliableIntake(context, this.#consumer) : new PlainIntake(context, this.#consumer);
  }

  #newRenewal(): ExpiryRenewal | undefined {
    const { refreshOnReceive, expireMs } = this.#settings;
    if (!refreshOnReceive || typeof expireMs !== 'number') return undefined;
    return new ExpiryRenewal(this.driver, this.recvListName, expireMs);
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw new ChannelClosedError(this.channel);
  }

  #checkEnvelope(what: string): void {
    if (!this.#settings.envelope) throw needsEnvelope(what);
  }
}
