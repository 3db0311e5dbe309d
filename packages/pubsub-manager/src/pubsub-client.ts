import { ClosedError, type RedisClient, type RedisDriver, type Topic } from '@redlane/client';
import type { Codec } from '@redlane/client/codec';
import { ClientType } from './client-type.js';
import { DurableLogs, type DurableMessage, type DurablePublishOptions } from './durable-logs.js';
import type { DurableSettings } from './durable-options.js';
import type { ListenerFunction, ScriptPubSubListener } from './listener.js';
import type {
  CountOptions,
  ListenerOptions,
  MessagesInput,
  TopicListenerOptions,
} from './listener-options.js';
import { faceOf, Listening } from './listening.js';
import type { MessageIterator, PubSubMessage } from './message-iterator.js';
import { channelName, codecOf, encoded } from './payload.js';
import type { ListenerKind } from './queue-options.js';
import type { ReceiveOptions } from './registration.js';
import { type ClientParts, ScriptRedisClient } from './script-redis-client.js';
import { parseTopic, type TopicInput } from './topics.js';
import type { ChannelInput, SentTo } from './typed-channel.js';

/** How long a listener waits for the confirmation unless options say otherwise, in ms. */
const CONFIRM_MS = 5_000;

/**
 * A client that listens and publishes. Delivery by `publish` is at most once, and every message that may have been missed
 * lies in a `gap`; by `publishDurable` each message reaches a listener with `replay` exactly once, in order. Follows
 * PySpigot's `RedisPubSubClient`.
 *
 * @example
 * const client = await manager.openRedisClient(ClientType.PUB_SUB, 'redis://127.0.0.1:6379');
 * const listener = await client.registerListener((channel, message) => console.log(channel, message), 'news');
 * await client.publish('news', 'hello');
 * await client.unregisterListener(listener);
 */
export class RedisPubSubClient<Native = RedisClient> extends ScriptRedisClient<Native> {
  override readonly type: typeof ClientType.PUB_SUB = ClientType.PUB_SUB;
  readonly #logs: DurableLogs;
  readonly #listening: Listening;

  /** @internal Use `openRedisClient`. */
  constructor(parts: ClientParts, durable: DurableSettings) {
    super(parts);
    this.#logs = new DurableLogs(this.driver, durable);
    this.#listening = new Listening({
      driver: this.driver,
      logs: this.#logs,
      timeoutMs: parts.options.fields.timeoutMs ?? parts.uri?.timeoutMs ?? CONFIRM_MS,
      ownDriver: () => this.carrier.ownDriver(),
      onGap: (gap) => this.emit('gap', { client: this, ...gap }),
      onFailure: (failure) => this.emit('error', { client: this, ...failure }),
    });
  }

  /** The connection: for what this class has no method for. */
  getConnection(): RedisDriver {
    return this.driver;
  }

  /** How many listeners are registered, iterations included. */
  get listenerCount(): number {
    return this.#listening.count;
  }

  /** The same as {@link RedisPubSubClient.registerSyncListener}. */
  registerListener<Received = string>(
    fn: ListenerFunction<Received>,
    channel: ChannelInput<never, Received>,
    options?: ListenerOptions,
  ): Promise<ScriptPubSubListener<Received>> {
    return this.registerSyncListener(fn, channel, options);
  }

  /**
   * Registers a function at a channel. Resolves when the server has confirmed. If the function returns a promise, that is
   * awaited before the next message; meanwhile messages wait, as `queue` says, and other listeners go on.
   *
   * @throws ReplyError (`NOPERM`, …) when the server refuses; TimeoutError, AbortError, ClosedError, InvalidOptionError.
   * Nothing is left registered then
   */
  async registerSyncListener<Received = string>(
    fn: ListenerFunction<Received>,
    channel: ChannelInput<never, Received>,
    options: ListenerOptions = {},
  ): Promise<ScriptPubSubListener<Received>> {
    return confirmed(
      this.#register(fn, { channel: channelName(channel) }, codecOf(channel), 'sync', options),
    );
  }

  /**
   * The same, at once: `ready` resolves when the server has confirmed, and what goes wrong reaches `error` as well. Promises of
   * the function are not awaited: it may have up to `queue.concurrency` calls under way, and their order is that of the
   * messages only as far as the calls begin.
   *
   * @throws InvalidOptionError, ClosedError
   */
  registerAsyncListener<Received = string>(
    fn: ListenerFunction<Received>,
    channel: ChannelInput<never, Received>,
    options: ListenerOptions = {},
  ): ScriptPubSubListener<Received> {
    const topic = { channel: channelName(channel) };
    const listener = this.#register(fn, topic, codecOf(channel), 'async', options);
    listener.ready.catch((error: unknown) => {
      if (!this.closed && !options.signal?.aborted) {
        this.emit('error', { client: this, error, channel: topic.channel, listener: faceOf(listener) });
      }
    });
    return listener;
  }

  /** Registers a function at all channels that match a glob (PSUBSCRIBE); `info.pattern` is the glob. */
  async registerPatternListener<Received = string>(
    fn: ListenerFunction<Received>,
    pattern: ChannelInput<never, Received>,
    options: TopicListenerOptions = {},
  ): Promise<ScriptPubSubListener<Received>> {
    const { kind = 'sync', ...rest } = options;
    return confirmed(this.#register(fn, { pattern: channelName(pattern) }, codecOf(pattern), kind, rest));
  }

  /** Registers a function at a shard channel (SSUBSCRIBE, Redis 7). In a cluster it needs a client over ioredis's `Cluster`. */
  async registerShardListener<Received = string>(
    fn: ListenerFunction<Received>,
    channel: ChannelInput<never, Received>,
    options: TopicListenerOptions = {},
  ): Promise<ScriptPubSubListener<Received>> {
    const { kind = 'sync', ...rest } = options;
    return confirmed(this.#register(fn, { shard: channelName(channel) }, codecOf(channel), kind, rest));
  }

  /**
   * Unregisters a listener, or all that a function has, wherever; one that is not registered is let be. No call begins after
   * this. Resolves when the server has executed UNSUBSCRIBE where nobody else listens.
   */
  async unregisterListener(
    listener: ScriptPubSubListener<never> | ScriptPubSubListener | ListenerFunction<never>,
  ): Promise<void> {
    if (typeof listener !== 'function') return listener.unregister();
    await this.#listening.endFunction(listener);
  }

  /** Unregisters all listeners of a channel, a `{ pattern }` or a `{ shard }`, of whichever kind. */
  async unregisterListeners(channel: TopicInput): Promise<void> {
    await this.#listening.endTopic(parseTopic(channel));
  }

  /**
   * The next message of a channel.
   *
   * @throws AbortError, TimeoutError (of the confirmation), ClosedError
   */
  async once<Received = string>(
    channel: MessagesInput<Received>,
    options: ReceiveOptions = {},
  ): Promise<PubSubMessage<Received>> {
    await using messages = this.messages(channel, options);
    const { value } = await messages.next();
    if (value === undefined) throw new ClosedError('client');
    return value;
  }

  /**
   * Messages to be iterated. It subscribes at the first `next()` and unsubscribes when the loop is left.
   *
   * @throws InvalidOptionError, ClosedError
   * @example
   * for await (const { channel, message } of client.messages('news')) console.log(channel, message);
   */
  messages<Received = string>(
    channel: MessagesInput<Received>,
    options: ReceiveOptions = {},
  ): MessageIterator<Received> {
    this.#checkOpen();
    return this.#listening.iterate(channel, options, () => this.#checkOpen());
  }

  /**
   * Publishes (PUBLISH). Resolves with how many clients got it: in a cluster only those at the node that was asked. It says
   * nothing about whether anybody has dealt with it.
   *
   * @throws EncodeError (`ENCODE_FAILED`); ConnectionLostError and others with `maybeExecuted`: it is not sent again then
   */
  async publish<Channel extends ChannelInput<never, unknown>>(
    channel: Channel,
    message: SentTo<Channel>,
  ): Promise<number> {
    this.#checkOpen();
    const payload = await encoded(channel, message);
    return Number(await this.driver.send(['PUBLISH', channelName(channel), payload]));
  }

  /** The same as {@link RedisPubSubClient.publish}. */
  publishSync<Channel extends ChannelInput<never, unknown>>(
    channel: Channel,
    message: SentTo<Channel>,
  ): Promise<number> {
    return this.publish(channel, message);
  }

  /** The same as {@link RedisPubSubClient.publish}. */
  publishAsync<Channel extends ChannelInput<never, unknown>>(
    channel: Channel,
    message: SentTo<Channel>,
  ): Promise<number> {
    return this.publish(channel, message);
  }

  /** Publishes to a shard channel (SPUBLISH, Redis 7). Resolves with how many clients got it. */
  async publishSharded<Channel extends ChannelInput<never, unknown>>(
    channel: Channel,
    message: SentTo<Channel>,
  ): Promise<number> {
    this.#checkOpen();
    const payload = await encoded(channel, message);
    return Number(await this.driver.send(['SPUBLISH', channelName(channel), payload]));
  }

  /**
   * Writes a message to the stream behind the channel and publishes it, in one step of the server: listeners with `replay`
   * get it even if they are away now, as long as the stream keeps it, and all others as by `publish`.
   *
   * @throws EncodeError; what the driver rejects with: with `maybeExecuted`, try again with the same `idempotencyKey`
   */
  async publishDurable<Channel extends ChannelInput<never, unknown>>(
    channel: Channel,
    message: SentTo<Channel>,
    options: DurablePublishOptions = {},
  ): Promise<DurableMessage> {
    this.#checkOpen();
    return this.#logs.publish(channelName(channel), await encoded(channel, message), options);
  }

  /** How many clients are subscribed to each of these channels, not counting patterns; in a cluster at one node. */
  async numSub(
    channels: string | readonly string[],
    { sharded = false }: CountOptions = {},
  ): Promise<Map<string, number>> {
    this.#checkOpen();
    const names = typeof channels === 'string' ? [channels] : channels;
    const reply = await this.driver.send(['PUBSUB', sharded ? 'SHARDNUMSUB' : 'NUMSUB', ...names]);
    const flat = reply as readonly (string | number)[];
    return new Map(names.map((_, i) => [String(flat[2 * i]), Number(flat[2 * i + 1])]));
  }

  /** How many patterns somebody is subscribed to. */
  async numPat(): Promise<number> {
    this.#checkOpen();
    return Number(await this.driver.send(['PUBSUB', 'NUMPAT']));
  }

  /** The channels that somebody is subscribed to, those of patterns not included; in a cluster at one node. */
  async channels(pattern = '*', { sharded = false }: CountOptions = {}): Promise<string[]> {
    this.#checkOpen();
    return (await this.driver.send(['PUBSUB', sharded ? 'SHARDCHANNELS' : 'CHANNELS', pattern])) as string[];
  }

  protected override async end(): Promise<void> {
    await this.#listening.end();
    await this.#logs.close();
  }

  #register<Received>(
    fn: ListenerFunction<Received>,
    topic: Topic,
    codec: Codec<never, unknown> | undefined,
    kind: ListenerKind,
    options: ListenerOptions,
  ): ScriptPubSubListener<Received> {
    this.#checkOpen();
    return this.#listening.register(fn, topic, codec, kind, options);
  }

  #checkOpen(): void {
    if (this.closed) throw new ClosedError('client');
  }
}

async function confirmed<Received>(
  listener: ScriptPubSubListener<Received>,
): Promise<ScriptPubSubListener<Received>> {
  await listener.ready;
  return listener;
}
