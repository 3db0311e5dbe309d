import type { DriverSource, RedisDriver } from '@redlane/client';
import type { JsonValue } from '@redlane/client/codec';
import type { DeadLetter, NackOptions } from '@redlane/client/list-consumer';
import { type ChannelName, keysBeside, type Peer } from './address.js';
import { type ChannelParts, channelParts } from './channel-parts.js';
import { checkInteger } from './checks.js';
import type { Delivery, Received } from './delivery.js';
import { destroyList } from './destroy.js';
import { Dialogue } from './dialogue.js';
import { channelsBelow } from './directory.js';
import { ChannelClosedError } from './errors.js';
import type { ChannelOptions } from './options.js';
import { MOST_AT_ONCE } from './outbox.js';
import type { RequestOptions } from './requester.js';
import type { SendOptions } from './sender.js';
import type { Handler, ServeOptions, Serving } from './serving.js';
import { type ChannelStats, readStats } from './stats.js';
import { type WaitOptions, waitOf } from './wait-options.js';

export interface MessagesOptions {
  /** Ends the iteration, with an AbortError. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How many messages to hold ahead; without `reliable` a crash loses them. With it, how many may be held while more are
   * claimed, 1 at least. @default the channel's
   */
  readonly prefetch?: number | undefined;
}

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
  /** Which end this is. */
  readonly peer: Peer;
  /** Key of the list that is sent to. */
  readonly sendListName: string;
  /** Key of the list that is received from. */
  readonly recvListName: string;
  /** What it talks to Redis through. Not to be closed: `close()` does that, where it is its own. */
  readonly driver: RedisDriver;
  readonly #parts: ChannelParts<Incoming, Outgoing, Reliable>;
  readonly #dialogue: Dialogue<Incoming, Outgoing>;
  #closed: Promise<void> | undefined;
  /** Comes after `#closed`. */
  #sendsNoMore = false;

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
    const parts = channelParts(address, channel, peer, given);
    this.#parts = parts;
    this.#dialogue = new Dialogue(parts);
    this.channel = parts.channel;
    this.peer = peer;
    this.sendListName = parts.sendListName;
    this.recvListName = parts.recvListName;
    this.driver = parts.driver;
  }

  /**
   * Sends a message. Those of one tick go in one command, in the order of the calls.
   *
   * @returns how many messages are in the list now, this one included
   * @throws EncodeError (`ENCODE_FAILED`) for what the codec cannot write or the schema refuses; ChannelFullError
   * (`CHANNEL_FULL`); AbortError (`ABORTED`); ChannelClosedError (`CLOSED`); InvalidOptionError (`INVALID_OPTION`); ReplyError;
   * the connection's errors, whose `maybeExecuted` says whether the message may have been sent
   */
  sendMsg(data: Outgoing, options: SendOptions = {}): Promise<number> {
    if (this.#sendsNoMore) return Promise.reject(new ChannelClosedError(this.channel));
    return this.#parts.sender.send(data, options);
  }

  /**
   * Sends many messages: up to 1,000 of them appear at once, unless they wait for room. With the policy `reject` they are
   * refused together when there is no room for all. After one that was not sent, none is.
   *
   * @returns as `sendMsg`, after the last
   * @throws PartlySentError (`PARTLY_SENT`), whose `cause` is one of these, when some were sent; as `sendMsg` when none was
   */
  sendMsgs(messages: Iterable<Outgoing>, options: SendOptions = {}): Promise<number> {
    if (this.#sendsNoMore) return Promise.reject(new ChannelClosedError(this.channel));
    return this.#parts.sender.sendAll(messages, options);
  }

  /**
   * Receives the oldest message, if there is one.
   *
   * @returns `undefined` for none; `null` is a message
   * @throws DecodeError (`DECODE_FAILED`) for a message that cannot be read, which is a dead letter then; where that cannot be
   * written, ReplyError or what else was in the way, and the message is received again; ReplyError; the connection's errors
   */
  recvMsg(): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#parts.receiver.one(NOT_AT_ALL));
  }

  /**
   * Receives the oldest message, and waits for one when there is none. A number is the seed's argument: seconds, 0 for ever.
   *
   * Losses of the connection and failovers are survived, with the time that is left. An abort loses nothing: what the server
   * had handed out by then is returned, or received by the next call, or put back at `close()`.
   *
   * @returns `undefined` when the time is over
   * @throws AbortError (`ABORTED`); as `recvMsg`; the connection's last error, when there was none by the end of the time, or
   * TimeoutError (`TIMEOUT`) when the server has not answered half a second after it
   */
  brecvMsg(wait: number | WaitOptions = {}): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#parts.receiver.one(waitOf(wait)));
  }

  /**
   * Receives up to `max` messages, oldest first. When one cannot be read, those before it are received, and the next call
   * throws.
   *
   * @throws as `recvMsg`; InvalidOptionError (`INVALID_OPTION`)
   */
  recvMsgs(max: number): Promise<Received<Incoming, Reliable>[]> {
    return this.#many(max, { timeoutMs: 0 });
  }

  /**
   * Receives up to `max` messages, oldest first, and waits for the first of them. None: the time is over.
   *
   * @throws as `brecvMsg`; InvalidOptionError (`INVALID_OPTION`)
   */
  brecvMsgs(max: number, wait: number | WaitOptions = {}): Promise<Received<Incoming, Reliable>[]> {
    return this.#many(max, wait);
  }

  /**
   * Receives the newest message and removes all others, in one step; with `reliable` it claims them all, and acks the others.
   * One whose time is over is not the newest.
   *
   * @throws as `recvMsg`
   */
  recvLastMsg(): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#parts.receiver.last(NOT_AT_ALL));
  }

  /** As `recvLastMsg`, and waits when there is none. @throws as `brecvMsg` */
  brecvLastMsg(wait: number | WaitOptions = {}): Promise<Received<Incoming, Reliable> | undefined> {
    return this.#open(() => this.#parts.receiver.last(waitOf(wait)));
  }

  /** Looks at the message that is received next. @throws as `recvMsg`; what cannot be read stays where it is */
  peekMsg(): Promise<Incoming | undefined> {
    return this.#open(() => this.#parts.receiver.peek('oldest'));
  }

  /** Looks at the newest message. @throws as `peekMsg` */
  rpeekMsg(): Promise<Incoming | undefined> {
    return this.#open(() => this.#parts.receiver.peek('newest'));
  }

  /**
   * Messages as they come. It begins with the first `next()`, ends at `close()`, and gives what it held ahead to the next
   * receive. Several iterations may go on at the same time; each message goes to one of them.
   *
   * With `reliable` it stops at `prefetch` messages that are held: ack, or give back, what it gives.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) at once; AbortError (`ABORTED`); as `recvMsg`
   */
  messages({
    signal,
    prefetch = this.#parts.settings.prefetch,
  }: MessagesOptions = {}): AsyncIterator<Received<Incoming, Reliable>, undefined> &
    AsyncIterableIterator<Received<Incoming, Reliable>> {
    checkInteger(prefetch, 'prefetch', this.#parts.settings.reliable ? 1 : 0, 10_000);
    return this.#parts.receiver.messages(signal, prefetch);
  }

  /** `messages()` */
  [Symbol.asyncIterator](): AsyncIterator<Received<Incoming, Reliable>, undefined> &
    AsyncIterableIterator<Received<Incoming, Reliable>> {
    return this.messages();
  }

  /**
   * Removes deliveries for good, all in one command.
   *
   * @returns how many of them were still held
   * @throws ReplyError; the connection's errors: they may still be held then, and can be acked again;
   * ChannelClosedError (`CLOSED`)
   */
  ack(deliveries: Delivery<Incoming> | readonly Delivery<Incoming>[]): Promise<number> {
    return this.#open(() => this.#parts.consumer.ack(deliveries));
  }

  /**
   * Gives deliveries back, to be delivered again in their old places, at once, or as dead letters.
   *
   * @returns as `ack`
   * @throws as `ack`
   */
  nack(
    deliveries: Delivery<Incoming> | readonly Delivery<Incoming>[],
    options?: NackOptions,
  ): Promise<number> {
    return this.#open(() => this.#parts.consumer.nack(deliveries, options));
  }

  /**
   * Gives back what dead receivers of this end hold. Reliable receivers do it by themselves.
   *
   * @returns how many
   * @throws ReplyError; the connection's errors; ChannelClosedError (`CLOSED`)
   */
  recover(): Promise<number> {
    return this.#open(() => this.#parts.consumer.recover());
  }

  /**
   * Looks at messages for this end that could not be read, or came back too often, oldest first.
   *
   * @default the first 100
   * @throws InvalidOptionError (`INVALID_OPTION`); as `recover`
   */
  deadLetters(options?: {
    readonly offset?: number;
    readonly count?: number;
  }): Promise<DeadLetter<Uint8Array | string>[]> {
    return this.#open(() => this.#parts.consumer.deadLetters(options));
  }

  /**
   * Has the oldest dead letters delivered once more, before all others.
   *
   * @returns how many
   * @throws InvalidOptionError (`INVALID_OPTION`); as `recover`
   */
  redrive(max: number): Promise<number> {
    const into = this.#parts.settings.reliable ? 'returned' : 'source';
    return this.#open(() => this.#parts.consumer.redrive(max, { into }));
  }

  /**
   * Sends a request and waits for its reply. Both ends need `envelope: true`, and the other one a `serve`. A request that waits
   * for room is not sent any more when its time is over or its signal aborted. Replies are sent at most once.
   *
   * @throws HandlerError (`HANDLER_FAILED`), also for a request that could not be decoded over there; RequestTimeoutError
   * (`REQUEST_TIMEOUT`); AbortError (`ABORTED`); InvalidOptionError (`INVALID_OPTION`) without `envelope`; as `sendMsg` and
   * `recvMsg`
   */
  async request(data: Outgoing, options: RequestOptions = {}): Promise<Incoming> {
    this.#checkOpen();
    return this.#dialogue.request(data, options);
  }

  /**
   * Handles what is received, many at a time, and sends back what the handler returns or throws to those who have asked by
   * `request`: nothing (`undefined`) is no JSON, and an error to them (`ENCODE_FAILED`). It goes on until `stop()` or `close()`,
   * also after errors of the server, which `onError` is told.
   *
   * With `reliable` a message is acked when it was handled, and delivered again when it was not. A request whose handler has
   * failed was answered, and is acked.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`), also without `envelope`; ChannelClosedError (`CLOSED`)
   */
  serve(handler: Handler<Incoming, Outgoing>, options: ServeOptions = {}): Serving {
    this.#checkOpen();
    return this.#dialogue.serve(handler, options);
  }

  /**
   * The channels below a prefix, sorted: those that hold a message in one of their lists, and not those whose messages are all
   * in the hands of reliable receivers. Looks at all keys of the server, in steps that hold up nobody.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`) for a prefix that does not start and end with `/`; ReplyError; the
   * connection's errors; ChannelClosedError (`CLOSED`)
   */
  async listChannel(prefix: ChannelName): Promise<string[]> {
    const channels: string[] = [];
    for await (const channel of this.channels(prefix)) channels.push(channel);
    return channels.sort();
  }

  /** As `listChannel`, as they are found. @throws as `listChannel`, at the first `next()`; AbortError (`ABORTED`) */
  async *channels(
    prefix: ChannelName,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<string, void, undefined> {
    this.#checkOpen();
    yield* channelsBelow(this.driver, prefix, options);
  }

  /**
   * Figures of both directions, and of this object.
   *
   * @throws ReplyError; the connection's errors; ChannelClosedError (`CLOSED`)
   */
  stats(): Promise<ChannelStats> {
    return this.#open(() => readStats(this.#parts));
  }

  /**
   * Removes both lists, all that is kept beside them, and what this object has fetched ahead. Close the other receivers first:
   * they would give back what they have, and reliable ones write again. Lists of replies, and the record of a receiver's last
   * ack, are not looked for: they expire by themselves.
   *
   * @throws ReplyError; the connection's errors
   */
  async destroyChannel(): Promise<void> {
    this.#checkOpen();
    await this.#parts.receiver.clear();
    for (const list of [this.sendListName, this.recvListName]) {
      await destroyList(this.driver, list, keysBeside(list, this.driver), this.#parts.consumer.id);
    }
  }

  /**
   * Ends waits, iterations and requests (`CLOSED`), sends what was called, gives back what was taken and not received, and
   * closes the connections that were opened for it. A client that others share, or that was passed in, stays open.
   *
   * Handlers that are at work may send until they are done, or their `graceMs` over. One that calls it before it waits for
   * anything else is not waited for; its reply is not sent.
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
    // Handlers may send until they are done.
    if (this.#dialogue.serves) await this.#dialogue.stopServing();
    this.#sendsNoMore = true;
    const outcomes = await Promise.allSettled([
      this.#parts.sender.close(),
      this.#dialogue.close(),
      this.#parts.receiver.close(),
    ]);
    await this.#parts.closeDriver();
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  async #many(max: number, wait: number | WaitOptions): Promise<Received<Incoming, Reliable>[]> {
    checkInteger(max, 'max', 1, MOST_AT_ONCE);
    return this.#open(() => this.#parts.receiver.many(max, waitOf(wait)));
  }

  #open<T>(call: () => Promise<T>): Promise<T> {
    try {
      this.#checkOpen();
      return call();
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw new ChannelClosedError(this.channel);
  }
}
