import { createServer, type Server, type Socket } from 'node:net';
import { type CommandFilter, CommandLog, type CommandRecord, matches } from './command-log.js';
import { RedisServerError } from './errors.js';
import { type CutKind, checkFaults, type Direction, type Faults } from './faults.js';
import { freePort, loopback } from './free-port.js';
import { type ByteCount, ProxiedConnection, type ProxyTarget } from './proxied-connection.js';
import { seededRandom } from './seeded-random.js';
import { Waiters, type WaitLimit } from './waiters.js';

/** Where a proxy stands and what it remembers. */
export interface FaultProxyOptions {
  /** The server behind it; a `RedisServer` fits. */
  readonly target: ProxyTarget;
  /** For the sizes of `split`. @default 1 */
  readonly seed?: number;
  /** How many commands are remembered. @default 10000 */
  readonly logLimit?: number;
}

/** How new connections are refused: nobody listens (ECONNREFUSED), or each is reset as soon as it is there. */
export type RefuseKind = 'CLOSED' | 'RST';

const attempts = 10;

/**
 * Starts a proxy on a free loopback port.
 *
 * @throws {@link RedisServerError} `NO_FREE_PORT`
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  for (let attempt = 1; ; attempt++) {
    const proxy = new FaultProxy(options, await freePort());
    try {
      await proxy.accept();
      return proxy;
    } catch (error) {
      if (attempt === attempts) {
        throw new RedisServerError('NO_FREE_PORT', `${attempts} ports in a row were taken by others.`, {
          cause: error,
        });
      }
    }
  }
}

/** A TCP proxy between clients and a server, whose faults a test controls while it runs. */
export class FaultProxy implements AsyncDisposable {
  readonly host: string = loopback;
  readonly port: number;
  /** `redis://`, without credentials. */
  readonly url: string;
  /** Totals over all connections, closed ones too. */
  readonly bytes: Readonly<Record<Direction, Readonly<ByteCount>>>;
  readonly #target: ProxyTarget;
  readonly #random: () => number;
  readonly #log: CommandLog;
  readonly #connections = new Set<ProxiedConnection>();
  readonly #connectionWaiters = new Waiters<ProxiedConnection>();
  readonly #commandWaiters = new Waiters<CommandRecord>();
  readonly #faults: Record<Direction, Faults> = { toServer: {}, toClient: {} };
  readonly #totals: Record<Direction, ByteCount> = {
    toServer: { received: 0, forwarded: 0 },
    toClient: { received: 0, forwarded: 0 },
  };
  #listener: Server | undefined;
  #resetting = false;
  #lastId = 0;

  /** @internal Use `startFaultProxy`. */
  constructor({ target, seed = 1, logLimit = 10_000 }: FaultProxyOptions, port: number) {
    this.port = port;
    this.url = `redis://${loopback}:${port}`;
    this.bytes = this.#totals;
    // A server's handle has both an address and more; only the address is wanted.
    this.#target = 'path' in target ? { path: target.path } : { host: target.host, port: target.port };
    this.#random = seededRandom(seed);
    this.#log = new CommandLog(logLimit);
  }

  /** The connections that are not closed yet, oldest first. */
  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections];
  }

  /**
   * Replaces the faults of every connection, present and future, in one direction or both.
   *
   * @throws {@link RedisServerError} `INVALID_OPTION`
   */
  set(faults: Faults, direction: Direction | 'both' = 'both'): void {
    checkFaults(faults);
    if (direction !== 'toClient') this.#faults.toServer = faults;
    if (direction !== 'toServer') this.#faults.toClient = faults;
    for (const connection of this.#connections) connection.set(faults, direction);
  }

  /** Takes back every fault and accepts connections again. */
  async restore(): Promise<void> {
    this.set({});
    await this.accept();
  }

  /** Ends every present connection now; what was held back is lost. */
  cut(by: CutKind): void {
    for (const connection of this.#connections) connection.cut(by);
  }

  /** Refuses new connections until {@link FaultProxy.accept}; present ones stay. */
  async refuse(by: RefuseKind): Promise<void> {
    if (by === 'RST') {
      await this.accept();
      this.#resetting = true;
    } else {
      this.#listener?.close();
      this.#listener = undefined;
    }
  }

  /**
   * Accepts connections again, on the same port.
   *
   * @throws {@link RedisServerError} `PORT_TAKEN`
   */
  async accept(): Promise<void> {
    this.#resetting = false;
    this.#listener ??= await this.#listen();
  }

  /** The commands that came, oldest first, as far as they are remembered. */
  commands(filter: CommandFilter = {}): CommandRecord[] {
    return this.#log.list(filter);
  }

  /** Forgets the commands that came so far. */
  clearCommands(): void {
    this.#log.clear();
  }

  /**
   * The next connection that comes after this call.
   *
   * @throws {@link RedisServerError} `WAIT_TIMEOUT`, `PROXY_CLOSED`
   */
  waitForConnection(limit?: WaitLimit): Promise<ProxiedConnection> {
    return this.#connectionWaiters.wait('a connection', () => true, limit);
  }

  /**
   * The next command that comes after this call; with `forwarded: true`, the next that has reached the server.
   *
   * @throws {@link RedisServerError} `WAIT_TIMEOUT`, `PROXY_CLOSED`
   */
  waitForCommand(
    name: string,
    { forwarded = false, connectionId, timeoutMs }: Omit<CommandFilter, 'name'> & WaitLimit = {},
  ): Promise<CommandRecord> {
    const filter: CommandFilter = { name, forwarded, ...(connectionId !== undefined && { connectionId }) };
    return this.#commandWaiters.wait(`the command ${name}`, (record) => matches(record, filter), {
      timeoutMs,
    });
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    await this.refuse('CLOSED');
    const open = this.connections;
    for (const connection of open) connection.destroy();
    await Promise.all(open.map(({ closed }) => closed));
    this.#connectionWaiters.close();
    this.#commandWaiters.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #listen(): Promise<Server> {
    return new Promise((resolve, reject) => {
      const listener = createServer({ allowHalfOpen: true }, (client) => this.#admit(client));
      listener.once('error', (cause) =>
        reject(
          new RedisServerError(
            'PORT_TAKEN',
            `the proxy cannot listen on port ${this.port}: ${cause.message}.`,
            { cause },
          ),
        ),
      );
      listener.listen({ host: loopback, port: this.port, exclusive: true }, () => resolve(listener));
    });
  }

  #admit(client: Socket): void {
    if (this.#resetting) {
      client.resetAndDestroy();
      return;
    }
    const connection = new ProxiedConnection(++this.#lastId, client, this.#target, this.#random, {
      onReceived: (direction, count) => {
        this.#totals[direction].received += count;
      },
      onForwarded: (direction, count) => {
        this.#totals[direction].forwarded += count;
      },
      onCommand: (record) => {
        this.#log.add(record);
        this.#commandWaiters.tell(record);
      },
      onCommandForwarded: (record) => this.#commandWaiters.tell(record),
    });
    connection.set(this.#faults.toServer, 'toServer');
    connection.set(this.#faults.toClient, 'toClient');
    this.#connections.add(connection);
    void connection.closed.then(() => this.#connections.delete(connection));
    this.#connectionWaiters.tell(connection);
  }
}
