import { type CommandArgument, checkArguments } from '@redlane/resp3-core';
import { asError, DriverListeners } from '../client-driver/driver-listeners.js';
import { checkDriverCommand } from '../client-driver/driver-refusals.js';
import type {
  DriverBatch,
  DriverBatchOptions,
  DriverCallOptions,
  DriverEvents,
  DriverLease,
  DriverLeaseOptions,
  DriverReply,
  DriverScanOptions,
  DriverSubscribeOptions,
  RedisDriver,
} from '../driver.js';
import { ClosedError } from '../errors.js';
import type { Message, Subscription, Topic } from '../topic.js';
import { ClusterRouter } from './cluster-router.js';
import {
  checkInstance,
  type IoredisDriverOptions,
  resolveSettings,
  type Settings,
} from './ioredis-driver-options.js';
import { IoredisLease } from './ioredis-lease.js';
import {
  type Cluster,
  type IoredisCluster,
  type IoredisRedis,
  isCluster,
  type Redis,
} from './ioredis-like.js';
import { LeaseCommands } from './lease-commands.js';
import { LeasePool } from './lease-pool.js';
import type { Router, RouterEvents } from './router.js';
import { scanMasters } from './scan-masters.js';
import { SharedCommands } from './shared-commands.js';
import { StandaloneRouter } from './standalone-router.js';
import { deliverTo, subscribeBy } from './subscribe.js';
import { SubscriptionHub } from './subscription-hub.js';

type Commands = readonly (readonly CommandArgument[])[];
type AnyReply = DriverReply | DriverReply<Uint8Array>;

/** How long `close` waits for what is under way, in ms. */
const CLOSE_MS = 5_000;

/**
 * A driver on an instance of ioredis: `Redis` (standalone or with sentinels) or `Cluster`, 5.4 or later. It works on
 * duplicates of the instance with the same options, one for each role, and leaves the instance itself alone; `share` sends
 * commands over it. Nothing is opened before it is needed.
 *
 * Delivery of commands: at most once, except for those that only read, as with `RedisClient`.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for an instance with a `keyPrefix`, and for options that make no sense
 * @example
 * const driver = ioredisDriver(new Redis('redis://localhost'));
 * await driver.send(['SET', 'greeting', 'hello']);
 */
export function ioredisDriver(
  client: IoredisRedis | IoredisCluster,
  options: IoredisDriverOptions = {},
): RedisDriver {
  const settings = resolveSettings(options);
  checkInstance(client, settings);
  return new IoredisDriver(client, settings);
}

class IoredisDriver implements RedisDriver {
  readonly #settings: Settings;
  readonly #router: Router;
  readonly #commands: SharedCommands;
  readonly #pool: LeasePool;
  readonly #hub: SubscriptionHub;
  readonly #listeners: DriverListeners = new DriverListeners();
  readonly #leases: Set<IoredisLease> = new Set();
  #state: 'ready' | 'down' | undefined;
  #closing: Promise<void> | undefined;

  constructor(client: IoredisRedis | IoredisCluster, settings: Settings) {
    this.#settings = settings;
    const events: RouterEvents = {
      onReady: () => this.#becomes('ready'),
      onDown: (cause) => this.#becomes('down', cause),
      onError: (cause) => this.#fail(cause),
      onRefresh: () => this.#hub.refreshed(),
    };
    this.#router = isCluster(client)
      ? new ClusterRouter(client as unknown as Cluster, settings, events)
      : new StandaloneRouter(client as unknown as Redis, settings, events);
    this.#commands = new SharedCommands(this.#router, settings);
    this.#pool = new LeasePool(this.#router, settings);
    this.#hub = new SubscriptionHub(this.#router, settings, {
      onGap: (gap) => this.#listeners.emit('gap', gap),
      onError: (error) => this.#fail(error),
    });
  }

  get topology(): RedisDriver['topology'] {
    return this.#router.topology;
  }

  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
  send(args: readonly CommandArgument[], options: DriverCallOptions = {}): Promise<AnyReply> {
    try {
      this.#checkOpen();
      checkArguments(args);
      checkDriverCommand(args, 'shared');
    } catch (error) {
      return Promise.reject(error as Error);
    }
    return this.#commands.send(args, options);
  }

  batch(
    commands: Commands,
    options: DriverBatchOptions & { replies: 'bytes' },
  ): Promise<DriverBatch<Uint8Array>>;
  batch(commands: Commands, options?: DriverBatchOptions): Promise<DriverBatch>;
  async batch(
    commands: Commands,
    options: DriverBatchOptions = {},
  ): Promise<DriverBatch | DriverBatch<Uint8Array>> {
    this.#checkOpen();
    const atomic = options.atomic === true;
    for (const command of commands) {
      checkArguments(command);
      checkDriverCommand(command, atomic ? 'atomic' : 'batch');
    }
    return this.#commands.batch(commands, options);
  }

  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options?: DriverCallOptions,
  ): Promise<DriverReply>;
  async run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options: DriverCallOptions = {},
  ): Promise<AnyReply> {
    this.#checkOpen();
    const rest = [keys.length, ...keys, ...args];
    checkArguments(rest, 2);
    return this.#commands.run(script, rest, options);
  }

  async lease({ key, signal, timeoutMs }: DriverLeaseOptions = {}): Promise<DriverLease> {
    this.#checkOpen();
    const slot = key === undefined ? undefined : this.#router.slotOf([['GET', key]]);
    const connection = await this.#pool.take({ slot, signal, timeoutMs });
    if (this.#closing !== undefined) {
      void this.#pool.giveBack(connection, false);
      throw new ClosedError();
    }
    const commands = new LeaseCommands(this.#router, this.#pool, connection);
    const lease = new IoredisLease(commands, this.#settings, () => void this.#leases.delete(lease));
    this.#leases.add(lease);
    return lease;
  }

  async *scan(options: DriverScanOptions = {}): AsyncGenerator<string, void, undefined> {
    this.#checkOpen();
    yield* scanMasters(this.#router, options, this.#commands.limits({ signal: options.signal }));
  }

  subscribe(
    topic: Topic,
    onMessage: (message: Message<Uint8Array>) => void,
    options: DriverSubscribeOptions & { replies: 'bytes' },
  ): Promise<Subscription>;
  subscribe(
    topic: Topic,
    onMessage: (message: Message) => void,
    options?: DriverSubscribeOptions,
  ): Promise<Subscription>;
  async subscribe(
    topic: Topic,
    onMessage: (message: never) => void,
    options: DriverSubscribeOptions = {},
  ): Promise<Subscription> {
    this.#checkOpen();
    const fail = (error: unknown): void => this.#fail(error);
    const deliver = deliverTo(onMessage, options.replies, fail);
    return subscribeBy(this.#hub, topic, deliver, { ...options, ...this.#commands.limits(options) }, fail);
  }

  on<Name extends keyof DriverEvents>(
    event: Name,
    listener: (...args: DriverEvents[Name]) => void,
  ): Disposable {
    // Whoever wants to know about the connection wants one.
    if ((event === 'ready' || event === 'down') && this.#closing === undefined) this.#router.start();
    return this.#listeners.on(event, listener);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const cause = new ClosedError();
    const ended = Promise.allSettled([
      ...Array.from(this.#leases, (lease) => lease[Symbol.asyncDispose]()),
      this.#commands.settled(),
    ]);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MS);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
    await Promise.all([this.#pool.close(cause), this.#hub.close(cause), this.#router.close()]);
    this.#listeners.clear();
  }

  #becomes(state: 'ready' | 'down', cause: Error = new Error('not connected')): void {
    if (state === this.#state || this.#closing !== undefined) return;
    this.#state = state;
    if (state === 'ready') this.#listeners.emit('ready');
    else this.#listeners.emit('down', cause);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new ClosedError();
  }

  #fail(error: unknown): void {
    this.#listeners.emit('error', asError(error));
  }
}
