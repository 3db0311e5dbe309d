import { RedisClient as Client, type ClientOptions } from '@redlane/client';
import { DefaultLine } from './default-line.js';
import { clientOptions, clientUrl, type RedisClientConfiguration, type RedisProtocol } from './defaults.js';
import { RedisClientShutdown } from './errors.js';
import { TopicShares } from './topic-shares.js';

/** What a RedisClient stands on: one client for commands and exclusive connections, and one for subscriptions. */
export class Connections {
  readonly client: Client;
  /** Its connection is VLCP's subscribe connection; the database does not matter there. */
  readonly subscriber: Client;
  readonly line: DefaultLine;
  readonly shares: TopicShares;
  readonly #configuration: RedisClientConfiguration;
  readonly #protocol: RedisProtocol | undefined;
  readonly #ending: AbortSignal;
  readonly #owned: boolean;

  /** Opens nothing. @throws InvalidOptionError */
  constructor(
    configuration: RedisClientConfiguration,
    protocol: RedisProtocol | undefined,
    ending: AbortSignal,
  ) {
    this.#configuration = configuration;
    this.#protocol = protocol;
    this.#ending = ending;
    this.#owned = !isClient(protocol);
    if (isClient(protocol)) this.client = this.subscriber = protocol;
    else {
      const url = clientUrl(configuration.url);
      const options = clientOptions(configuration, protocol ?? {});
      this.client = new Client(url, options);
      this.subscriber = new Client(url, { ...options, db: 0, pool: { ...options.pool, minConnections: 0 } });
    }
    this.line = new DefaultLine(this.client, ending);
    this.shares = new TopicShares(this.subscriber);
  }

  /** The same, unless something is to be different from what it was made with. */
  remade(wanted: Partial<RedisClientConfiguration>): Connections {
    const before = this.#configuration as unknown as Readonly<Record<string, unknown>>;
    if (Object.entries(wanted).every(([name, value]) => value === before[name])) return this;
    this.destroy();
    return new Connections({ ...this.#configuration, ...wanted }, this.#protocol, this.#ending);
  }

  /** Closes the connections that are shared; with exclusive ones out, what belongs to those when they are back. */
  async close(exclusive: boolean): Promise<void> {
    const ended = this.shares.close(new RedisClientShutdown());
    if (this.#owned) {
      this.subscriber.destroy();
      if (exclusive) {
        void this.client.close({ deadlineMs: Number.POSITIVE_INFINITY });
        this.client.connection?.destroy();
      } else this.client.destroy();
    }
    await ended;
  }

  /** Closes everything now. */
  destroy(): void {
    if (!this.#owned) return;
    this.subscriber.destroy();
    this.client.destroy();
  }
}

function isClient(protocol: ClientOptions | Client | undefined): protocol is Client {
  return typeof (protocol as Partial<Client> | undefined)?.withConnection === 'function';
}
