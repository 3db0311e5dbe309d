import type { CommandArgument } from '@redlane/resp3-core';
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
import { Holdings } from './holdings.js';
import { LentLease } from './lent-lease.js';

type Commands = readonly (readonly CommandArgument[])[];
/** The implementation of overloaded methods does not care which of the two it is. */
type Bytes = { replies: 'bytes' };

/** How long `close` waits for what is under way. */
const CLOSE_MS = 5_000;

/**
 * One user's share of a driver that several have. Closing it ends what came from this share, and the driver itself only
 * with its last share.
 */
export class SharedDriver implements RedisDriver {
  readonly #driver: RedisDriver;
  readonly #release: () => Promise<void>;
  readonly #holdings: Holdings = new Holdings();
  readonly #listeners: Set<Disposable> = new Set();
  #closing: Promise<void> | undefined;

  /** `release` is called once, when the share has been closed. */
  constructor(driver: RedisDriver, release: () => Promise<void>) {
    this.#driver = driver;
    this.#release = release;
  }

  get topology(): RedisDriver['topology'] {
    return this.#driver.topology;
  }

  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & Bytes,
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply<never>> {
    if (this.#closing !== undefined) return Promise.reject(new ClosedError());
    return this.#holdings.calls.track(this.#driver.send(args, options as DriverCallOptions)) as Promise<
      DriverReply<never>
    >;
  }

  batch(commands: Commands, options: DriverBatchOptions & Bytes): Promise<DriverBatch<Uint8Array>>;
  batch(commands: Commands, options?: DriverBatchOptions): Promise<DriverBatch>;
  batch(commands: Commands, options?: DriverBatchOptions): Promise<DriverBatch<never>> {
    if (this.#closing !== undefined) return Promise.reject(new ClosedError());
    return this.#holdings.calls.track(this.#driver.batch(commands, options as DriverBatchOptions)) as Promise<
      DriverBatch<never>
    >;
  }

  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options: DriverCallOptions & Bytes,
  ): Promise<DriverReply<Uint8Array>>;
  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options?: DriverCallOptions,
  ): Promise<DriverReply>;
  run(
    script: string,
    keys: readonly CommandArgument[],
    args: readonly CommandArgument[],
    options?: DriverCallOptions,
  ): Promise<DriverReply<never>> {
    if (this.#closing !== undefined) return Promise.reject(new ClosedError());
    return this.#holdings.calls.track(
      this.#driver.run(script, keys, args, options as DriverCallOptions),
    ) as Promise<DriverReply<never>>;
  }

  async lease(options?: DriverLeaseOptions): Promise<DriverLease> {
    this.#checkOpen();
    const lease = await this.#driver.lease(options);
    const giveBack = this.#holdings.hold(() => lease[Symbol.asyncDispose]());
    if (this.#closing !== undefined) {
      await giveBack();
      throw new ClosedError();
    }
    return new LentLease(lease, giveBack);
  }

  async *scan(options?: DriverScanOptions): AsyncGenerator<string, void, undefined> {
    this.#checkOpen();
    for await (const key of this.#driver.scan(options)) {
      yield key;
      this.#checkOpen();
    }
  }

  subscribe(
    topic: Topic,
    onMessage: (message: Message<Uint8Array>) => void,
    options: DriverSubscribeOptions & Bytes,
  ): Promise<Subscription>;
  subscribe(
    topic: Topic,
    onMessage: (message: Message) => void,
    options?: DriverSubscribeOptions,
  ): Promise<Subscription>;
  async subscribe(
    topic: Topic,
    onMessage: (message: never) => void,
    options?: DriverSubscribeOptions,
  ): Promise<Subscription> {
    this.#checkOpen();
    const subscription = await this.#driver.subscribe(topic, onMessage as () => void, options);
    const unsubscribe = this.#holdings.hold(() => subscription.unsubscribe());
    if (this.#closing !== undefined) {
      await unsubscribe();
      throw new ClosedError();
    }
    const { pause } = subscription;
    return { topic: subscription.topic, pause, unsubscribe, [Symbol.asyncDispose]: unsubscribe };
  }

  on<Name extends keyof DriverEvents>(
    event: Name,
    listener: (...args: DriverEvents[Name]) => void,
  ): Disposable {
    const added = this.#driver.on(event, listener);
    this.#listeners.add(added);
    return {
      [Symbol.dispose]: () => {
        this.#listeners.delete(added);
        added[Symbol.dispose]();
      },
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    await this.#holdings.end(CLOSE_MS);
    for (const listener of this.#listeners) listener[Symbol.dispose]();
    this.#listeners.clear();
    await this.#release();
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new ClosedError();
  }
}
