import { RedisClient } from '../client.js';
import type { ClientOptions } from '../client-options.js';
import type { RedisDriver } from '../driver.js';
import { InvalidOptionError } from '../errors.js';
import { ioredisDriver } from '../ioredis/ioredis-driver.js';
import { type IoredisCluster, type IoredisRedis, isIoredis } from '../ioredis/ioredis-like.js';
import { ClientDriver } from './client-driver.js';
import { shareOf } from './driver-shares.js';

/** What {@link toDriver} makes a driver from. */
export type DriverSource =
  | RedisDriver
  | RedisClient
  | IoredisRedis
  | IoredisCluster
  | string
  | number
  | readonly [host: string, port: number]
  | ClientOptions;

const ACCEPTED =
  'a RedisDriver, a RedisClient, an ioredis Redis or Cluster, a URL, a port, [host, port] or options of a RedisClient';

/**
 * The driver for whatever a user has: a `RedisDriver` (which is returned as it is), a `RedisClient`, an ioredis `Redis` or
 * `Cluster`, or where the server is (URL, port, host and port, options), to which a client of the driver's own is made.
 * Nothing is connected before the first command.
 *
 * Close each driver that this function has made: `close()` ends its leases and subscriptions, and the connections that were
 * opened for it. What was passed in stays open. Drivers of the same client or instance share their connections, and closing
 * one does no harm to the others.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for anything else
 * @example
 * const driver = toDriver('redis://127.0.0.1:6379');
 * await driver.send(['SET', 'greeting', 'hello']);
 * await driver.close();
 */
export function toDriver(source: DriverSource): RedisDriver {
  if (typeof source === 'string') return new ClientDriver(new RedisClient(source), true);
  if (typeof source === 'number') return new ClientDriver(new RedisClient(source), true);
  if (typeof source !== 'object' || source === null) throw refused(source);
  if (isDriver(source)) return source;
  if (isClient(source)) return new ClientDriver(source, false);
  if (isIoredis(source)) return shareOf(source, () => ioredisDriver(source));
  if (isAddress(source)) return new ClientDriver(new RedisClient(...source), true);
  if (isPlain(source)) return new ClientDriver(new RedisClient(source), true);
  throw refused(source);
}

function isDriver(source: object): source is RedisDriver {
  return 'topology' in source && hasMethods(source, 'send', 'batch', 'run', 'lease', 'subscribe');
}

/** By its members, since an application may hold two copies of this package. */
function isClient(source: object): source is RedisClient {
  return hasMethods(source, 'withConnection', 'pipeline', 'registerPushCallback', 'with');
}

function isAddress(source: object): source is readonly [host: string, port: number] {
  return (
    Array.isArray(source) &&
    source.length === 2 &&
    typeof source[0] === 'string' &&
    typeof source[1] === 'number'
  );
}

function isPlain(source: object): source is ClientOptions {
  const prototype: unknown = Object.getPrototypeOf(source);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function hasMethods(source: object, ...names: readonly string[]): boolean {
  return names.every((name) => typeof (source as Record<string, unknown>)[name] === 'function');
}

function refused(source: unknown): InvalidOptionError {
  return new InvalidOptionError('driver', `must be ${ACCEPTED}, not ${described(source)}`);
}

function described(source: unknown): string {
  if (source === null || source === undefined) return String(source);
  if (typeof source !== 'object') return `a ${typeof source}`;
  const { name } = source.constructor ?? {};
  return Array.isArray(source) ? 'an array like this' : `an object of class ${name || 'unknown'}`;
}
