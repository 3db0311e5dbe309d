import { type ClientOptions, RedisClient } from '@redlane/client';

/** Where a server is: a port on this machine, `[host, port]`, a URL, or options of a `RedisClient`. */
export type Address = number | readonly [host: string, port: number] | string | ClientOptions;

/** One user's hold on a client that the whole process shares. */
export interface SharedClient extends AsyncDisposable {
  /** The same for everybody who asks for this address. Not to be closed. */
  readonly client: RedisClient;
  /** Closes the client when nobody else holds it. More calls do nothing. */
  release(): Promise<void>;
}

interface Held {
  readonly client: RedisClient;
  count: number;
}

/** One for the process, also when an application has loaded this package both as a module and by `require`. */
const REGISTRY = Symbol.for('redlane.channel.clients');

/**
 * The process-wide client of an address: whoever asks for the same address gets the same client. Connects with the first
 * command. Each call is to be paired with a `release()`.
 *
 * Options are the same when they say the same; those that hold more than plain values (certificates, functions) are the same
 * only when they are the same object.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`)
 * @example
 * await using shared = getClient(6379);
 * await shared.client.call('PING');
 */
export function getClient(address: Address): SharedClient {
  const clients = registry();
  const key = keyOf(address);
  const held = clients.get(key) ?? { client: open(address), count: 0 };
  held.count++;
  clients.set(key, held);
  let releasing: Promise<void> | undefined;
  const release = (): Promise<void> => {
    releasing ??= giveBack(clients, key, held);
    return releasing;
  };
  return { client: held.client, release, [Symbol.asyncDispose]: release };
}

function registry(): Map<unknown, Held> {
  const holder = globalThis as { [REGISTRY]?: Map<unknown, Held> };
  // Its keys may have passwords in them: whoever prints `globalThis` is not to see it.
  if (holder[REGISTRY] === undefined) Object.defineProperty(holder, REGISTRY, { value: new Map() });
  return holder[REGISTRY] as Map<unknown, Held>;
}

async function giveBack(clients: Map<unknown, Held>, key: unknown, held: Held): Promise<void> {
  if (--held.count > 0) return;
  clients.delete(key);
  await held.client.close();
}

function open(address: Address): RedisClient {
  if (typeof address === 'string') return new RedisClient(address);
  if (typeof address === 'number') return new RedisClient('127.0.0.1', address);
  return isPair(address) ? new RedisClient(...address) : new RedisClient(address);
}

function keyOf(address: Address): unknown {
  if (typeof address === 'string') return address;
  if (typeof address === 'number') return `127.0.0.1 ${address}`;
  if (isPair(address)) return `${address[0]} ${address[1]}`;
  return isPlain(address) ? JSON.stringify(sorted(address)) : address;
}

function isPair(address: object): address is readonly [host: string, port: number] {
  return Array.isArray(address);
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'symbol';
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.values(value).every(isPlain);
}

/** Entries in the order of their names, and those that are `undefined` left out. */
function sorted(value: unknown): unknown {
  // What JSON has no words for: Infinity is a value of many options.
  if (typeof value === 'number' || typeof value === 'bigint') return `${typeof value} ${value}`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}
