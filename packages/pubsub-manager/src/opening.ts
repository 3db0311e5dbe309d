import {
  type ClientOptions as ConnectionOptions,
  type DriverSource,
  InvalidOptionError,
  type RedisClient,
} from '@redlane/client';
import { ClientOptions, type ClientOptionsFields } from './client-options.js';
import { type ClientOf, ClientType } from './client-type.js';
import { name, oneOf, portOf, text } from './option-checks.js';
import { RedisURI } from './redis-uri.js';

/** Where a server is: a URI as text or built, or all options that a `RedisClient` has. */
export type Address = RedisURI | string | ConnectionOptions;

/** What carries commands already and stays open: a `RedisClient`, ioredis's `Redis` or `Cluster`, or a `RedisDriver`. */
export type NativeSource =
  // It passes for options, which have nothing that is required.
  | RedisClient
  | Exclude<DriverSource, string | number | readonly [host: string, port: number] | ConnectionOptions>;

/**
 * Opens a client: connects, and resolves when commands can be sent; `ClientType.BASIC` connects with its first command. Clients
 * of the same address, login and options share one connection. What is passed in instead of an address is used, and
 * stays open.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`); ConnectError and others when the first attempt to connect fails;
 * ManagerClosedError (`MANAGER_CLOSED`). Nothing is left open then
 * @example
 * await manager.openRedisClient(ClientType.COMMAND, '127.0.0.1', 6379, 'secret');
 * await manager.openRedisClient(ClientType.PUB_SUB, 'redis://127.0.0.1:6379', { requestQueueSize: 1_000 });
 * await manager.openRedisClient(ClientType.PUB_SUB, new Cluster([{ host: '127.0.0.1', port: 7000 }]));
 */
export interface OpenRedisClient {
  <Type extends ClientType, Native extends NativeSource>(
    clientType: Type,
    client: Native,
    clientOptions?: ClientOptions | ClientOptionsFields,
  ): Promise<ClientOf<Type, Native>>;
  <Type extends ClientType>(
    clientType: Type,
    redisURI: Address,
    clientOptions?: ClientOptions | ClientOptionsFields,
  ): Promise<ClientOf<Type, RedisClient>>;
  <Type extends ClientType>(
    clientType: Type,
    ip: string,
    port: number | string,
    password?: string | null,
    clientOptions?: ClientOptions | ClientOptionsFields,
  ): Promise<ClientOf<Type, RedisClient>>;
}

/** The arguments of {@link OpenRedisClient}, read. */
export interface Opening {
  readonly type: ClientType;
  readonly uri: RedisURI | undefined;
  /** Options of the `RedisClient` to be made; `undefined` when there is one already. */
  readonly settings: ConnectionOptions | undefined;
  readonly native: NativeSource | undefined;
  readonly options: ClientOptions;
}

/** @throws InvalidOptionError */
export function readOpening(args: readonly unknown[], defaults: ClientOptions): Opening {
  const [clientType, address, third, ...rest] = args;
  const type = oneOf(Object.values(ClientType), clientType as ClientType, 'clientType');
  const hasPort = typeof third === 'string' || typeof third === 'number';
  const given = (hasPort ? rest[1] : third) as ClientOptions | ClientOptionsFields | undefined;
  const options = ClientOptions.from(given).over(defaults);
  const parts = { type, options };
  if (hasPort) {
    const [password] = rest;
    const host = name(address, 'ip');
    const login = password === undefined || password === null ? {} : { password: text(password, 'password') };
    return byUri(parts, new RedisURI({ host, port: portOf(third, 'port'), ...login }));
  }
  if (typeof address === 'string') return byUri(parts, RedisURI.create(address));
  if (address instanceof RedisURI) return byUri(parts, address);
  if (typeof address !== 'object' || address === null) {
    throw new InvalidOptionError(
      'redisURI',
      'must be a URI, a RedisURI, options of a RedisClient, a RedisClient, an ioredis Redis or Cluster, or a RedisDriver',
    );
  }
  const prototype: unknown = Object.getPrototypeOf(address);
  if (prototype !== null && prototype !== Object.prototype) {
    return { ...parts, uri: undefined, settings: undefined, native: address as NativeSource };
  }
  // A driver may be a plain object, too.
  if (typeof (address as { subscribe?: unknown }).subscribe === 'function') {
    return { ...parts, uri: undefined, settings: undefined, native: address as NativeSource };
  }
  return { ...parts, uri: undefined, settings: options.applyTo(address), native: undefined };
}

function byUri(parts: Pick<Opening, 'type' | 'options'>, uri: RedisURI): Opening {
  return { ...parts, uri, settings: parts.options.applyTo(uri.toClientOptions()), native: undefined };
}
