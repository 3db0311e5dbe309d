import { type Carrier, carrierOfNative, carrierOfShare } from './carrier.js';
import type { ClientEvents } from './client-events.js';
import { ClientOptions, type ClientOptionsBuilder, type ClientOptionsFields } from './client-options.js';
import { ClientType } from './client-type.js';
import { RedisCommandClient } from './command-client.js';
import type { DurableSettings } from './durable-options.js';
import { ManagerClosedError } from './errors.js';
import { Events, logSafely } from './events.js';
import type { Logger } from './logger.js';
import { type Opening, type OpenRedisClient, readOpening } from './opening.js';
import { flag, name } from './option-checks.js';
import { RedisPubSubClient } from './pubsub-client.js';
import { RedisURI, type RedisURIBuilder } from './redis-uri.js';
import { RedisScope } from './scope.js';
import { type ClientParts, ScriptRedisClient } from './script-redis-client.js';
import { SharedClients } from './shared-clients.js';

export interface RedisManagerOptions {
  /** Options of all clients, where their own say nothing. */
  readonly defaults?: ClientOptions | ClientOptionsFields | undefined;
  /** Clients of the same address, login and options share one connection. @default true */
  readonly shareConnections?: boolean | undefined;
  /** What is kept of durable channels. */
  readonly durable?: DurableSettings | undefined;
  /** Is told of connections, gaps and failures. @default nobody */
  readonly logger?: Logger | undefined;
}

type Client = ScriptRedisClient<unknown>;

interface Owner {
  readonly clients: Set<Client>;
  closed: boolean;
}

/** The owner of what is opened by the manager itself. */
const MANAGER = '';

/**
 * Opens and closes clients of Redis. Follows PySpigot's `RedisManager`; an owner, there the calling script, is a
 * {@link RedisManager.scope} here.
 *
 * @example
 * await using manager = new RedisManager();
 * const client = await manager.openRedisClient(ClientType.PUB_SUB, 'redis://127.0.0.1:6379');
 * await client.registerListener((channel, message) => console.log(channel, message), 'news');
 */
export class RedisManager implements AsyncDisposable {
  /** Opens a client that the manager itself owns. See {@link OpenRedisClient}. */
  readonly openRedisClient: OpenRedisClient;
  readonly #options: RedisManagerOptions;
  readonly #defaults: ClientOptions;
  readonly #shared: SharedClients = new SharedClients();
  readonly #owners: Map<string, Owner> = new Map();
  readonly #scopes: Map<string, RedisScope> = new Map();
  readonly #events: Events<ClientEvents>;
  #lastId = -1;
  #closing: Promise<void> | undefined;

  /** @throws InvalidOptionError (`INVALID_OPTION`) */
  constructor(options: RedisManagerOptions = {}) {
    if (options.shareConnections !== undefined) flag(options.shareConnections, 'shareConnections');
    this.#options = options;
    this.#defaults = ClientOptions.from(options.defaults);
    this.#events = new Events(options.logger);
    this.openRedisClient = this.#openFor(MANAGER);
  }

  /** An empty builder of addresses. */
  newRedisURI(): RedisURIBuilder {
    return RedisURI.builder();
  }

  /** A builder of options, with all defaults. */
  newClientOptions(): ClientOptionsBuilder {
    return ClientOptions.builder();
  }

  /** The owner of this name, the same one until it is closed. */
  scope(scopeName: string): RedisScope {
    const known = this.#scopes.get(name(scopeName, 'scope'));
    if (known !== undefined) return known;
    const scope = new RedisScope({
      name: scopeName,
      open: this.#openFor(scopeName),
      clients: (type) => this.getRedisClients(scopeName, type),
      close: async () => {
        if (this.#scopes.get(scopeName) === scope) this.#scopes.delete(scopeName);
        await this.closeRedisClients(scopeName);
      },
    });
    this.#scopes.set(scopeName, scope);
    return scope;
  }

  /** The open clients of an owner, or those of the manager itself, of one type or all. Never `null`. */
  getRedisClients(owner: RedisScope | string = MANAGER, type?: ClientType): Client[] {
    const clients = [...(this.#owners.get(nameOfOwner(owner))?.clients ?? [])];
    return type === undefined ? clients : clients.filter((client) => client.type === type);
  }

  /** Closes a client, and waits for it. Doing it twice does no harm. */
  closeRedisClient(client: Client): Promise<void> {
    return client.close();
  }

  /** The same for those who do not wait: what goes wrong reaches `error` as well. */
  closeRedisClientAsync(client: Client): Promise<void> {
    const closed = client.close();
    closed.catch((error: unknown) => this.#events.emit('error', { client, error }));
    return closed;
  }

  /** Closes all clients of an owner, or those of the manager itself. Those that are being opened are closed as well. */
  async closeRedisClients(owner: RedisScope | string = MANAGER): Promise<void> {
    const ownerName = nameOfOwner(owner);
    const known = this.#owners.get(ownerName);
    if (known === undefined) return;
    known.closed = true;
    this.#owners.delete(ownerName);
    await closeAll([...known.clients]);
  }

  /** Calls back for an event of any client until the disposable is disposed. */
  on<Name extends keyof ClientEvents>(
    eventName: Name,
    listener: (event: ClientEvents[Name]) => unknown,
  ): Disposable {
    return this.#events.on(eventName, listener);
  }

  /** Closes every client of every owner; it opens no more. Doing it twice does no harm. */
  close(): Promise<void> {
    this.#closing ??= Promise.resolve().then(() => this.#close());
    return this.#closing;
  }

  /** `close()` */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    const owners = [...this.#owners.values()];
    this.#owners.clear();
    this.#scopes.clear();
    for (const owner of owners) owner.closed = true;
    await closeAll(owners.flatMap(({ clients }) => [...clients]));
  }

  #openFor(owner: string): OpenRedisClient {
    const open = async (...args: readonly unknown[]): Promise<Client> => {
      if (this.#closing !== undefined) throw new ManagerClosedError('the manager');
      return this.#open(owner, readOpening(args, this.#defaults));
    };
    return open as OpenRedisClient;
  }

  async #open(ownerName: string, opening: Opening): Promise<Client> {
    const owner = this.#owners.get(ownerName) ?? { clients: new Set(), closed: false };
    this.#owners.set(ownerName, owner);
    const carrier = this.#carrierOf(opening);
    const id = ++this.#lastId;
    const client = this.#make(opening.type, {
      id,
      owner: ownerName,
      carrier,
      uri: opening.uri,
      options: opening.options,
      logger: this.#options.logger,
      onEvent: (eventName, event) => this.#events.emit(eventName, event),
      onClose: () => {
        owner.clients.delete(client);
        this.#log('closed a Redis client', { clientId: id, owner: ownerName });
      },
    });
    // Before it is open, so that whoever closes the owner now closes it, too.
    owner.clients.add(client);
    try {
      await client.open();
      if (client.closed) throw closedOwner(ownerName);
    } catch (error) {
      await client.close().catch(() => undefined);
      throw owner.closed ? closedOwner(ownerName) : error;
    }
    this.#log('opened a Redis client', { clientId: id, owner: ownerName, type: opening.type });
    return client;
  }

  #carrierOf({ settings, native, options }: Opening): Carrier {
    if (native !== undefined) return carrierOfNative(native);
    const address = settings ?? {};
    const apart = this.#options.shareConnections === false ? ++this.#lastId : options.autoReconnect;
    return carrierOfShare(this.#shared.take(address, apart), address, options);
  }

  #make(type: ClientType, parts: ClientParts): Client {
    if (type === ClientType.COMMAND) return new RedisCommandClient<unknown>(parts);
    if (type === ClientType.PUB_SUB)
      return new RedisPubSubClient<unknown>(parts, this.#options.durable ?? {});
    return new ScriptRedisClient<unknown>(parts);
  }

  #log(message: string, details: object): void {
    logSafely(this.#options.logger, 'info', message, details);
  }
}

function closedOwner(owner: string): ManagerClosedError {
  return new ManagerClosedError(owner === MANAGER ? 'the manager' : `the scope ${JSON.stringify(owner)}`);
}

function nameOfOwner(owner: RedisScope | string): string {
  return typeof owner === 'string' ? owner : owner.name;
}

/** All of them, also when one fails. */
async function closeAll(clients: readonly Client[]): Promise<void> {
  const outcomes = await Promise.allSettled(clients.map((client) => client.close()));
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} clients could not be closed`);
  if (errors.length === 1) throw errors[0];
}
