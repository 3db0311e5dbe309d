import type { RedisClient, RedisDriver } from '@redlane/client';
import type { Carrier } from './carrier.js';
import type { ClientEvents } from './client-events.js';
import type { ClientOptions } from './client-options.js';
import { ClientType } from './client-type.js';
import { Events, logSafely } from './events.js';
import type { Logger } from './logger.js';
import type { RedisURI } from './redis-uri.js';

/** What a manager gives to the clients that it opens. */
export interface ClientParts {
  readonly id: number;
  readonly owner: string;
  readonly carrier: Carrier;
  readonly uri: RedisURI | undefined;
  readonly options: ClientOptions;
  readonly logger: Logger | undefined;
  /** Hears of each event, after the client's own listeners. */
  readonly onEvent: <Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]) => void;
  /** It is being closed. */
  readonly onClose: () => void;
}

/**
 * A client without functions of its own: it gives the one underneath, and closes it. Base of the others. Follows PySpigot's
 * class of that name; opened by `RedisManager.openRedisClient(ClientType.BASIC, …)`, which makes no connection: the first
 * command does.
 */
export class ScriptRedisClient<Native = RedisClient> implements AsyncDisposable {
  readonly type: ClientType = ClientType.BASIC;
  protected readonly driver: RedisDriver;
  readonly #parts: ClientParts;
  readonly #events: Events<ClientEvents>;
  #watches: readonly Disposable[] = [];
  #closing: Promise<void> | undefined;

  /** @internal Use `openRedisClient`. */
  constructor(parts: ClientParts) {
    this.#parts = parts;
    this.driver = parts.carrier.driver;
    this.#events = new Events(parts.logger);
  }

  /** The scope that has opened it; `''`: the manager itself. */
  get owner(): string {
    return this.#parts.owner;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /** Counts the clients of a manager, from 0. */
  getClientId(): number {
    return this.#parts.id;
  }

  /** `undefined` for clients that were not opened by an address of one server or of sentinels. */
  getRedisURI(): RedisURI | undefined {
    return this.#parts.uri;
  }

  getClientOptions(): ClientOptions {
    return this.#parts.options;
  }

  /**
   * What is underneath: the `RedisClient`, or what was passed to `openRedisClient`. Clients of the same address and options
   * share it: do not close it.
   */
  getRedisClient(): Native {
    return this.#parts.carrier.native as Native;
  }

  /** Calls back for an event of this client until the disposable is disposed. Nothing has to be listened to. */
  on<Name extends keyof ClientEvents>(
    name: Name,
    listener: (event: ClientEvents[Name]) => unknown,
  ): Disposable {
    return this.#events.on(name, listener);
  }

  /** Closes it, and its connection with the last client that shares it. Doing it twice does no harm. */
  close(): Promise<void> {
    // Not in this call: what the events of closing call must find it closed.
    this.#closing ??= Promise.resolve().then(() => this.#close());
    return this.#closing;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Called once, by the manager. */
  async open(): Promise<void> {
    this.#watchConnection();
    if (this.type !== ClientType.BASIC) await this.#parts.carrier.connect();
  }

  /** What a class of its own has to end before the connection goes. */
  protected end(): Promise<void> {
    return Promise.resolve();
  }

  protected get carrier(): Carrier {
    return this.#parts.carrier;
  }

  protected emit<Name extends keyof ClientEvents>(name: Name, event: ClientEvents[Name]): void {
    this.#log(name, event);
    this.#events.emit(name, event);
    this.#parts.onEvent(name, event);
  }

  #watchConnection(): void {
    const watch = this.#parts.carrier.watch({
      onConnect: () => this.emit('connect', { client: this }),
      onDisconnect: (cause) => this.emit('disconnect', { client: this, cause }),
      onReconnecting: (attempt) => this.emit('reconnecting', { client: this, attempt }),
      onReconnectFailed: (cause, final) => this.emit('reconnectFailed', { client: this, cause, final }),
    });
    // It has given up.
    const errors = this.driver.on('error', (error) => this.emit('error', { client: this, error }));
    this.#watches = [watch, errors];
  }

  async #close(): Promise<void> {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    this.#parts.onClose();
    try {
      await this.end();
    } finally {
      await this.#parts.carrier.close();
    }
  }

  #log(name: keyof ClientEvents, { client: _, ...event }: ClientEvents[keyof ClientEvents]): void {
    const level = LEVELS[name];
    const { id, owner } = this.#parts;
    const listener = 'listener' in event && event.listener !== undefined ? String(event.listener) : undefined;
    logSafely(this.#parts.logger, level, MESSAGES[name], {
      clientId: id,
      owner,
      ...event,
      ...(listener === undefined ? {} : { listener }),
    });
  }
}

const LEVELS: Readonly<Record<keyof ClientEvents, keyof Logger>> = {
  connect: 'info',
  disconnect: 'warn',
  reconnecting: 'debug',
  reconnectFailed: 'warn',
  gap: 'warn',
  error: 'error',
};

const MESSAGES: Readonly<Record<keyof ClientEvents, string>> = {
  connect: 'connected to Redis',
  disconnect: 'lost the connection to Redis',
  reconnecting: 'connecting to Redis again',
  reconnectFailed: 'could not connect to Redis again',
  gap: 'messages may have been missed',
  error: 'a pub/sub listener or message has failed',
};
