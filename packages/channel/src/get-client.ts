import { type ClientOptions, InvalidOptionError, RedisClient } from '@redlane/client';
import { clientKey } from './client-key.js';

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
 * A port, a pair, a URL and options are the same address when they say the same of host, port, login and database, and
 * nothing else; options are the same when they say the same; those that hold more than plain values (certificates, functions) are the same
 * only when they are the same object.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`)
 * @example
 * await using shared = getClient(6379);
 * await shared.client.call('PING');
 */
export function getClient(address: Address): SharedClient {
  checkAddress(address);
  const clients = registry();
  const key = clientKey(address);
  const held = usable(clients.get(key)) ?? { client: open(address), count: 0 };
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

/** Somebody may have closed it, which was not his to close: the next ones are not to suffer from it. */
function usable(held: Held | undefined): Held | undefined {
  return held?.client.status.current.state === 'closed' ? undefined : held;
}

async function giveBack(clients: Map<unknown, Held>, key: unknown, held: Held): Promise<void> {
  if (--held.count > 0) return;
  if (clients.get(key) === held) clients.delete(key);
  await held.client.close();
}

function open(address: Address): RedisClient {
  if (typeof address === 'string') return new RedisClient(address);
  if (typeof address === 'number') return new RedisClient('127.0.0.1', address);
  if (!Array.isArray(address)) return new RedisClient(address as ClientOptions);
  const [host, port] = address as readonly [host: string, port: number];
  return new RedisClient(host, port);
}

/** What a client takes for its defaults is no address. */
function checkAddress(address: unknown): void {
  const isPair =
    Array.isArray(address) &&
    address.length === 2 &&
    typeof address[0] === 'string' &&
    typeof address[1] === 'number';
  if (isPair || typeof address === 'number' || typeof address === 'string') return;
  if (typeof address === 'object' && address !== null && !Array.isArray(address)) return;
  const got = Array.isArray(address) ? 'another array' : String(address);
  throw new InvalidOptionError(
    'address',
    `must be a port, [host, port], a URL, or options of a RedisClient, got ${got}`,
  );
}
