import { type ClientOptions, InvalidOptionError } from '@redlane/client';
import { flag, name, portOf, text } from './option-checks.js';
import { parseRedisUri } from './parse-redis-uri.js';

/** What a {@link RedisURI} says. */
export interface RedisURIFields {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  /** Path of a unix socket, instead of host and port. */
  readonly socket?: string | undefined;
  /** Instead of host and port: sentinels that are asked for the master. */
  readonly sentinels?: readonly { readonly host: string; readonly port: number }[] | undefined;
  readonly sentinelMasterId?: string | undefined;
  readonly sentinelPassword?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly database?: number | undefined;
  /** TLS. */
  readonly ssl?: boolean | undefined;
  /** Whether the server's certificate is checked. @default true */
  readonly verifyPeer?: boolean | undefined;
  readonly clientName?: string | undefined;
  /** Deadline of a command, in ms. */
  readonly timeoutMs?: number | undefined;
}

const DEFAULT_PORT = 6379;
const DEFAULT_SENTINEL_PORT = 26_379;

/**
 * Where a server is and who logs in, with lettuce's names. It cannot be changed; {@link RedisURI.builder} makes one, and
 * {@link RedisURI.create} reads one from a string. Passwords do not show in `toString()`, JSON or `console.log`.
 *
 * @example
 * RedisURI.builder().withHost('127.0.0.1').withPort(6379).withPassword('secret').withDatabase(2).build();
 * RedisURI.create('redis://secret@127.0.0.1:6379/2?timeout=10s');
 */
export class RedisURI {
  readonly #fields: RedisURIFields;

  /** @throws InvalidOptionError (`INVALID_OPTION`) without host, socket or sentinel */
  constructor(fields: RedisURIFields) {
    const { host, socket, sentinels } = fields;
    const places = [host, socket, sentinels].filter((place) => place !== undefined).length;
    if (places !== 1) {
      throw new InvalidOptionError(
        'RedisURI',
        places === 0
          ? 'needs to know where the server is: call withHost, withSocket or withSentinel'
          : 'names several places: a host, a socket or sentinels exclude each other',
      );
    }
    this.#fields = Object.freeze({ ...fields });
  }

  /** An empty builder. */
  static builder(): RedisURIBuilder {
    return new RedisURIBuilder();
  }

  /**
   * From host and port, or from a string: `redis://[[username:]password@]host[:port][/database]`, `rediss://` for TLS,
   * `redis-socket:///path` and `unix:/path`, `redis-sentinel://[password@]host[:port],host[:port][/database]#masterId`, with
   * `?timeout=10s&clientName=…&database=…&verifyPeer=NONE`. `valkey://`, `valkeys://` and `redis+sentinel://hosts/masterId/database`
   * are read as well. As in lettuce, what stands alone before `@` is a password.
   *
   * @throws InvalidOptionError (`INVALID_OPTION`), which shows no part that may be secret
   */
  static create(uriOrHost: string, port?: number | string): RedisURI {
    text(uriOrHost, 'uri');
    if (port === undefined && uriOrHost.includes(':')) return new RedisURI(parseRedisUri(uriOrHost));
    return new RedisURI({ host: name(uriOrHost, 'host'), port: portOf(port ?? DEFAULT_PORT, 'port') });
  }

  get host(): string | undefined {
    return this.#fields.host;
  }

  get port(): number | undefined {
    return this.#fields.port;
  }

  get socket(): string | undefined {
    return this.#fields.socket;
  }

  get sentinels(): RedisURIFields['sentinels'] {
    return this.#fields.sentinels;
  }

  get sentinelMasterId(): string | undefined {
    return this.#fields.sentinelMasterId;
  }

  get username(): string | undefined {
    return this.#fields.username;
  }

  get password(): string | undefined {
    return this.#fields.password;
  }

  get database(): number {
    return this.#fields.database ?? 0;
  }

  get ssl(): boolean {
    return this.#fields.ssl ?? false;
  }

  get verifyPeer(): boolean {
    return this.#fields.verifyPeer ?? true;
  }

  get clientName(): string | undefined {
    return this.#fields.clientName;
  }

  /** In ms; `undefined`: the client's default. */
  get timeoutMs(): number | undefined {
    return this.#fields.timeoutMs;
  }

  /** The same as options of a `RedisClient`. */
  toClientOptions(): ClientOptions {
    const { host, port, socket, sentinels, sentinelMasterId, sentinelPassword } = this.#fields;
    const { username, password, clientName, timeoutMs } = this.#fields;
    const tls = this.ssl && (this.verifyPeer || { rejectUnauthorized: false });
    return {
      ...(sentinels !== undefined
        ? { sentinels, name: sentinelMasterId, sentinelPassword, sentinelTls: tls }
        : socket === undefined
          ? { host, port: port ?? DEFAULT_PORT }
          : { path: socket }),
      username,
      password,
      db: this.database,
      tls,
      clientName,
      timeoutMs,
    };
  }

  /** Without passwords. */
  toString(): string {
    const { host, port, socket, sentinels, sentinelMasterId, username, password } = this.#fields;
    const login = password === undefined ? '' : `${username === undefined ? '' : `${username}:`}***@`;
    const database = this.database === 0 ? '' : `/${this.database}`;
    const s = this.ssl ? 's' : '';
    if (socket !== undefined) return `redis-socket://${login}${socket}`;
    if (sentinels !== undefined) {
      const hosts = sentinels.map((each) => addressOf(each.host, each.port)).join(',');
      return `redis${s}-sentinel://${login}${hosts}${database}#${sentinelMasterId ?? 'mymaster'}`;
    }
    return `redis${s}://${login}${addressOf(host ?? '', port ?? DEFAULT_PORT)}${database}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** Builds a {@link RedisURI}. Each method checks what it gets and returns the builder. */
export class RedisURIBuilder {
  #fields: RedisURIFields = {};

  withHost(host: string): this {
    return this.#with({ host: name(host, 'host') });
  }

  /** @default 6379 */
  withPort(port: number | string): this {
    return this.#with({ port: portOf(port, 'port') });
  }

  /** Path of a unix socket. */
  withSocket(path: string): this {
    return this.#with({ socket: name(path, 'socket') });
  }

  /** One more sentinel, port 26379 unless it is given. The password is that of all sentinels. */
  withSentinel(host: string, port: number | string = DEFAULT_SENTINEL_PORT, password?: string): this {
    const sentinel = { host: name(host, 'sentinel'), port: portOf(port, 'sentinel port') };
    return this.#with({
      sentinels: [...(this.#fields.sentinels ?? []), sentinel],
      ...(password === undefined ? {} : { sentinelPassword: text(password, 'sentinel password') }),
    });
  }

  /** The master's name at the sentinels. @default 'mymaster' */
  withSentinelMasterId(sentinelMasterId: string): this {
    return this.#with({ sentinelMasterId: name(sentinelMasterId, 'sentinelMasterId') });
  }

  withPassword(password: string): this {
    return this.#with({ password: text(password, 'password') });
  }

  /** An ACL user (Redis 6). */
  withAuthentication(username: string, password: string): this {
    return this.#with({ username: text(username, 'username'), password: text(password, 'password') });
  }

  /** @default 0 */
  withDatabase(database: number): this {
    if (Number.isSafeInteger(database) && database >= 0) return this.#with({ database });
    throw new InvalidOptionError('database', 'must be an integer of at least 0');
  }

  /** TLS. @default false */
  withSsl(ssl: boolean): this {
    return this.#with({ ssl: flag(ssl, 'ssl') });
  }

  /** Whether the server's certificate is checked. @default true */
  withVerifyPeer(verifyPeer: boolean): this {
    return this.#with({ verifyPeer: flag(verifyPeer, 'verifyPeer') });
  }

  withClientName(clientName: string): this {
    return this.#with({ clientName: name(clientName, 'clientName') });
  }

  /** Deadline of a command, in ms; 0: none. @default the client's, 5_000 */
  withTimeout(timeoutMs: number): this {
    if (typeof timeoutMs === 'number' && timeoutMs >= 0) return this.#with({ timeoutMs });
    throw new InvalidOptionError('timeoutMs', 'must be a number of milliseconds from 0 on');
  }

  /** @throws InvalidOptionError (`INVALID_OPTION`) without host, socket or sentinel, and with more than one of them */
  build(): RedisURI {
    return new RedisURI(this.#fields);
  }

  #with(fields: RedisURIFields): this {
    this.#fields = { ...this.#fields, ...fields };
    return this;
  }
}

function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
