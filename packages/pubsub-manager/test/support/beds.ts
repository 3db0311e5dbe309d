import { Redis } from 'ioredis';
import {
  type ClientOf,
  type ClientOptionsFields,
  type ClientType,
  RedisManager,
  type RedisManagerOptions,
} from '../../src/index.js';

/** Where a server or a proxy is. */
export interface Place {
  readonly port: number;
  readonly password?: string;
  readonly username?: string;
}

/** A manager whose clients are carried in one way; both are closed at the end of a test. */
export class Bed implements AsyncDisposable {
  readonly manager: RedisManager;
  readonly #open: OpenIn;
  readonly #natives: Redis[] = [];

  constructor(open: OpenIn, options: RedisManagerOptions) {
    this.manager = new RedisManager(options);
    this.#open = open;
  }

  open<Type extends ClientType>(
    type: Type,
    place: Place,
    options?: ClientOptionsFields,
  ): Promise<ClientOf<Type, unknown>> {
    return this.#open(this.manager, type, place, options, this.#natives) as Promise<ClientOf<Type, unknown>>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.manager.close();
    for (const native of this.#natives) native.disconnect();
  }
}

type OpenIn = (
  manager: RedisManager,
  type: ClientType,
  place: Place,
  options: ClientOptionsFields | undefined,
  natives: Redis[],
) => Promise<unknown>;

const SOON = { minDelayMs: 1, maxDelayMs: 20 };

const byAddress: OpenIn = (manager, type, { port, username, password }, options) =>
  manager.openRedisClient(type, { port, username, password, reconnect: SOON }, options);

const byIoredis: OpenIn = (manager, type, { port, username, password }, options, natives) => {
  const native = new Redis({
    port,
    lazyConnect: true,
    retryStrategy: () => 10,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
  natives.push(native);
  return manager.openRedisClient(type, native, options);
};

/** What everything is tested over. */
export const beds: readonly { readonly name: string; make(options?: RedisManagerOptions): Bed }[] = [
  { name: 'RedisClient', make: (options = {}) => new Bed(byAddress, options) },
  { name: 'ioredis', make: (options = {}) => new Bed(byIoredis, options) },
];
