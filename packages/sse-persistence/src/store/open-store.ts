import { InvalidOptionError, type RedisDriver } from '@redlane/client';
import { type DriverSource, toDriver } from '@redlane/client/driver';

/** Where a server is, in the seed's words. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly db: number;
}

/**
 * How queues and repositories are told where Redis is: `host, port, db` as in Python, or a driver, a `RedisClient`, an ioredis
 * `Redis` or `Cluster`, a URL, or options of a `RedisClient`; then the options.
 */
export type StoreArguments<Options> =
  | readonly [host?: string, port?: number, db?: number, options?: Options]
  | readonly [source: DriverSource, options?: Options];

/** A driver, and how to be rid of it. */
export interface Store {
  readonly driver: RedisDriver;
  /** `undefined` when it was made from something else. */
  readonly address: ServerAddress | undefined;
  /** Closes what was opened for it, and nothing else. */
  close(): Promise<void>;
}

/** @throws InvalidOptionError (`INVALID_OPTION`) */
export function openStore<Options extends object>(
  args: StoreArguments<Options>,
): { readonly store: Store; readonly options: Partial<Options> } {
  const [first, second, db, last] = args;
  if (first !== undefined && (typeof first !== 'string' || first.includes('://'))) {
    if (second !== undefined && typeof second !== 'object') {
      throw new InvalidOptionError(
        'port',
        'stands beside a host only: options follow what holds a connection',
      );
    }
    return { store: storeOf(first), options: (second as Options | undefined) ?? {} };
  }
  const address = checkAddress({ host: first ?? '127.0.0.1', port: second ?? 6379, db: db ?? 0 });
  return { store: storeAt(address), options: (last as Options | undefined) ?? {} };
}

export function storeAt(address: ServerAddress): Store {
  const driver = toDriver({ host: address.host, port: address.port, db: address.db });
  return { driver, address, close: () => driver.close() };
}

function storeOf(source: DriverSource): Store {
  const driver = toDriver(source);
  const close = () => (driver === source ? Promise.resolve() : driver.close());
  return { driver, address: undefined, close };
}

/** @throws InvalidOptionError */
export function checkAddress({
  host,
  port,
  db,
}: Readonly<Record<keyof ServerAddress, unknown>>): ServerAddress {
  if (typeof host !== 'string' || host === '') {
    throw new InvalidOptionError('host', 'must be a string that is not empty');
  }
  return { host, port: whole(port, 'port', 65_535), db: whole(db, 'db', 2 ** 31) };
}

function whole(value: unknown, option: string, most: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most)
    return value as number;
  throw new InvalidOptionError(option, `must be a whole number from 0 to ${most}, got ${String(value)}`);
}
