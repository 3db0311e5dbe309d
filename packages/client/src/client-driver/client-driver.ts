import type { CommandArgument, RespValue } from '@redlane/resp3-core';
import type { RedisClient } from '../client.js';
import type { ClientState } from '../client-status.js';
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
import { Script } from '../script.js';
import type { Gap, Message, Subscription, Topic } from '../topic.js';
import { batchBy, sendBy, shapeOfScript } from './caller-commands.js';
import { CallerViews } from './caller-views.js';
import { ClientLease } from './client-lease.js';
import { asError, DriverListeners } from './driver-listeners.js';
import { Holdings } from './holdings.js';
import { LentLease } from './lent-lease.js';
import { scanKeys } from './scan-keys.js';

/** How long `close` waits for what is under way. */
const CLOSE_MS = 5_000;
/** Scripts whose SHA-1 is remembered. */
const SCRIPTS = 256;

/** The seam over a `RedisClient`: its connections, pool and subscriptions, with RESP2's shapes. */
export class ClientDriver implements RedisDriver {
  readonly #client: RedisClient;
  readonly #ownsClient: boolean;
  readonly #views: CallerViews;
  readonly #holdings: Holdings = new Holdings();
  readonly #listeners: DriverListeners = new DriverListeners();
  readonly #scripts: Map<string, Script> = new Map();
  readonly #states: AsyncIterator<ClientState, void, undefined>;
  #reportedGap: Gap | undefined;
  #closing: Promise<void> | undefined;

  /** With `ownsClient`, `close` closes the client, too. */
  constructor(client: RedisClient, ownsClient: boolean) {
    this.#client = client;
    this.#ownsClient = ownsClient;
    this.#views = new CallerViews(client);
    this.#states = client.status[Symbol.asyncIterator]();
    void this.#watch();
  }

  get topology(): 'standalone' | 'sentinel' {
    return this.#client.topology;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions & { replies: 'bytes' },
  ): Promise<DriverReply<Uint8Array>>;
  send(args: readonly CommandArgument[], options?: DriverCallOptions): Promise<DriverReply>;
  send(
    args: readonly CommandArgument[],
    options: DriverCallOptions = {},
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    if (this.closed) return Promise.reject(new ClosedError());
    return sendBy(this.#views, this.#holdings.calls, args, options, 'shared');
  }

  batch(
    commands: readonly (readonly CommandArgument[])[],
    options: DriverBatchOptions & { replies: 'bytes' },
  ): Promise<DriverBatch<Uint8Array>>;
  batch(
    commands: readonly (readonly CommandArgument[])[],
    options?: DriverBatchOptions,
  ): Promise<DriverBatch>;
  batch(
    commands: readonly (readonly CommandArgument[])[],
    options: DriverBatchOptions = {},
  ): Promise<DriverBatch | DriverBatch<Uint8Array>> {
    if (this.closed) return Promise.reject(new ClosedError());
    return this.#holdings.calls.track(batchBy(this.#views, commands, options, 'shared'));
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
  ): Promise<DriverReply | DriverReply<Uint8Array>> {
    if (this.closed) throw new ClosedError();
    const reply = this.#views.get(options).run<RespValue>(this.#scriptOf(script), keys, args);
    return shapeOfScript(await this.#holdings.calls.track(reply), options.replies === 'bytes');
  }

  async lease(options: DriverLeaseOptions = {}): Promise<DriverLease> {
    if (this.closed) throw new ClosedError();
    const lease = await ClientLease.open(this.#client, options);
    const giveBack = this.#holdings.hold(
      () => lease[Symbol.asyncDispose](),
      () => lease.destroy(),
    );
    if (this.closed) {
      await giveBack();
      throw new ClosedError();
    }
    return new LentLease(lease, giveBack);
  }

  scan(options: DriverScanOptions = {}): AsyncIterable<string> {
    const { signal } = options;
    return scanKeys([(args) => this.send(args, { signal })], options);
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
    onMessage: ((message: Message) => void) | ((message: Message<Uint8Array>) => void),
    options: DriverSubscribeOptions = {},
  ): Promise<Subscription> {
    if (this.closed) throw new ClosedError();
    const callback = onMessage as (message: Message) => unknown;
    const deliver = (message: Message): void => this.#call(callback, message);
    const onGap = (gap: Gap): void => {
      if (options.onGap !== undefined) this.#call(options.onGap, gap);
      this.#reportGap(gap);
    };
    const subscription = await this.#client.subscribe(topic, deliver, { ...options, onGap });
    const unsubscribe = this.#holdings.hold(() => subscription.unsubscribe());
    if (this.closed) {
      await unsubscribe();
      throw new ClosedError();
    }
    const { pause } = subscription;
    return { topic, pause, unsubscribe, [Symbol.asyncDispose]: unsubscribe };
  }

  on<Name extends keyof DriverEvents>(
    event: Name,
    listener: (...args: DriverEvents[Name]) => void,
  ): Disposable {
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
    const startedAt = performance.now();
    await this.#holdings.end(CLOSE_MS);
    this.#listeners.clear();
    await this.#states.return?.();
    const deadlineMs = Math.max(0, CLOSE_MS - (performance.now() - startedAt));
    if (this.#ownsClient) await this.#client.close({ deadlineMs });
  }

  /** Tells the listeners what becomes of the connection. The state at the start is no news. */
  async #watch(): Promise<void> {
    const first = await this.#states.next();
    let last: ClientState['state'] | undefined = first.value?.state === 'ready' ? 'ready' : undefined;
    for (;;) {
      const { value, done } = await this.#states.next();
      if (done === true || value === undefined) return;
      const { state } = value;
      if (state === 'connecting' || state === last) continue;
      last = state;
      if (state === 'ready') this.#listeners.emit('ready');
      else if (state === 'down') this.#listeners.emit('down', value.cause);
      else if (value.cause !== undefined) this.#listeners.emit('error', value.cause);
    }
  }

  /** The listeners of the driver hear of a gap once, however many subscriptions there are to its topic. */
  #reportGap(gap: Gap): void {
    if (gap === this.#reportedGap) return;
    this.#reportedGap = gap;
    this.#listeners.emit('gap', gap);
  }

  /** Calls a user's function; what it throws, or rejects with, goes to `error`. */
  #call<T>(callback: (value: T) => unknown, value: T): void {
    try {
      const outcome = callback(value);
      if (outcome !== undefined && outcome instanceof Promise) outcome.catch(this.#failed);
    } catch (error) {
      this.#failed(error);
    }
  }

  readonly #failed = (error: unknown): void => this.#listeners.emit('error', asError(error));

  #scriptOf(source: string): Script {
    const known = this.#scripts.get(source);
    if (known !== undefined) return known;
    if (this.#scripts.size >= SCRIPTS) this.#scripts.clear();
    const script = new Script(source);
    this.#scripts.set(source, script);
    return script;
  }
}
