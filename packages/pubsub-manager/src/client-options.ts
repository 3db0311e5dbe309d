import type { ConnectionOptions as TlsOptions } from 'node:tls';
import { type ClientOptions as ConnectionOptions, InvalidOptionError } from '@redlane/client';
import { bound, flag, oneOf } from './option-checks.js';

/** What becomes of commands while there is no connection, in lettuce's words. */
export const DisconnectedBehavior = {
  /** They wait if `autoReconnect` is on, and are rejected if not. */
  DEFAULT: 'DEFAULT',
  /** They wait, up to `requestQueueSize` and their timeout. */
  ACCEPT_COMMANDS: 'ACCEPT_COMMANDS',
  /** They are rejected at once. */
  REJECT_COMMANDS: 'REJECT_COMMANDS',
} as const;

export type DisconnectedBehavior = (typeof DisconnectedBehavior)[keyof typeof DisconnectedBehavior];

export interface SocketOptions {
  /** Deadline of dial and handshake, in ms. @default 5_000 */
  readonly connectTimeoutMs?: number | undefined;
  /** TCP keep-alive probes start after so many ms of silence; 0: none. @default 10_000 */
  readonly keepAliveMs?: number | undefined;
  /** Send small packets at once. @default true */
  readonly tcpNoDelay?: boolean | undefined;
}

export interface ReconnectDelay {
  /** The second attempt comes after up to so many ms; each further one after up to twice that. @default 50 */
  readonly minDelayMs?: number | undefined;
  /** No attempt waits longer, in ms. @default 5_000 */
  readonly maxDelayMs?: number | undefined;
}

/** Options of a connection with lettuce's names. What is left out has its default. */
export interface ClientOptionsFields {
  /** Connect again after a loss. With `false` the client is closed by the first loss. @default true */
  readonly autoReconnect?: boolean | undefined;
  /** `openRedisClient` waits for the answer to a PING, too. @default true */
  readonly pingBeforeActivateConnection?: boolean | undefined;
  /** Accepted for lettuce's sake, and without effect: the decoder has no buffer that this could shrink. */
  readonly bufferUsageRatio?: number | undefined;
  /** How many commands may wait or be unanswered; one more is rejected (`QUEUE_FULL`). @default 100_000 */
  readonly requestQueueSize?: number | undefined;
  /** @default 'DEFAULT' */
  readonly disconnectedBehavior?: DisconnectedBehavior | undefined;
  /** Deadline of a command, from the call to the reply, in ms; 0: none. @default that of the URI, else 5_000 */
  readonly timeoutMs?: number | undefined;
  readonly socketOptions?: SocketOptions | undefined;
  /** TLS options of Node for a server that is reached by TLS: `ca`, `cert`, `key`, `servername`, … */
  readonly sslOptions?: TlsOptions | undefined;
  readonly reconnectDelay?: ReconnectDelay | undefined;
  /** RESP3 falls back to RESP2 by itself. @default 3 */
  readonly protocolVersion?: 2 | 3 | undefined;
}

const NAMES: ReadonlySet<string> = new Set<keyof ClientOptionsFields>([
  'autoReconnect',
  'pingBeforeActivateConnection',
  'bufferUsageRatio',
  'requestQueueSize',
  'disconnectedBehavior',
  'timeoutMs',
  'socketOptions',
  'sslOptions',
  'reconnectDelay',
  'protocolVersion',
]);

/**
 * Options of a connection. They cannot be changed; a plain object of the same fields does as well wherever one is taken.
 *
 * @example
 * ClientOptions.builder().autoReconnect(true).requestQueueSize(1_000).timeout(2_000).build();
 */
export class ClientOptions {
  readonly fields: ClientOptionsFields;

  /** @throws InvalidOptionError (`INVALID_OPTION`) naming the option */
  constructor(fields: ClientOptionsFields = {}) {
    this.fields = Object.freeze(checked(fields));
  }

  static builder(): ClientOptionsBuilder {
    return new ClientOptionsBuilder();
  }

  /** All defaults. */
  static create(): ClientOptions {
    return new ClientOptions();
  }

  /** As they are, or made from a plain object. */
  static from(options: ClientOptions | ClientOptionsFields = {}): ClientOptions {
    return options instanceof ClientOptions ? options : new ClientOptions(options);
  }

  get autoReconnect(): boolean {
    return this.fields.autoReconnect ?? true;
  }

  get pingBeforeActivateConnection(): boolean {
    return this.fields.pingBeforeActivateConnection ?? true;
  }

  /** These, and where they say nothing, those. */
  over(defaults: ClientOptions): ClientOptions {
    const given = Object.entries(this.fields).filter(([, value]) => value !== undefined);
    return new ClientOptions({ ...defaults.fields, ...Object.fromEntries(given) });
  }

  /** A builder that begins with these. */
  mutate(): ClientOptionsBuilder {
    return new ClientOptionsBuilder(this.fields);
  }

  /** As options of a `RedisClient`, over those of an address. */
  applyTo(address: ConnectionOptions): ConnectionOptions {
    const { requestQueueSize, timeoutMs, socketOptions, sslOptions, reconnectDelay, protocolVersion } =
      this.fields;
    const { connectTimeoutMs, keepAliveMs, tcpNoDelay } = socketOptions ?? {};
    const given = {
      ...(this.fields.disconnectedBehavior === undefined && this.autoReconnect
        ? {}
        : { offlineQueue: this.#accepts }),
      limits: requestQueueSize === undefined ? undefined : { ...address.limits, commands: requestQueueSize },
      timeoutMs,
      connectTimeoutMs,
      keepAliveMs,
      noDelay: tcpNoDelay,
      reconnect: reconnectDelay === undefined ? undefined : { ...address.reconnect, ...reconnectDelay },
      protocol: protocolVersion,
      tls:
        address.tls && sslOptions
          ? { ...(address.tls === true ? {} : address.tls), ...sslOptions }
          : undefined,
    };
    const present = Object.entries(given).filter(([, value]) => value !== undefined);
    return { ...address, ...Object.fromEntries(present) };
  }

  get #accepts(): boolean {
    const { disconnectedBehavior = DisconnectedBehavior.DEFAULT } = this.fields;
    return disconnectedBehavior === DisconnectedBehavior.DEFAULT
      ? this.autoReconnect
      : disconnectedBehavior === DisconnectedBehavior.ACCEPT_COMMANDS;
  }
}

/** Builds {@link ClientOptions}, with lettuce's method names. */
export class ClientOptionsBuilder {
  #fields: ClientOptionsFields;

  constructor(fields: ClientOptionsFields = {}) {
    this.#fields = fields;
  }

  autoReconnect(autoReconnect: boolean): this {
    return this.#with({ autoReconnect });
  }

  pingBeforeActivateConnection(pingBeforeActivateConnection: boolean): this {
    return this.#with({ pingBeforeActivateConnection });
  }

  /** Without effect; see {@link ClientOptionsFields.bufferUsageRatio}. */
  bufferUsageRatio(bufferUsageRatio: number): this {
    return this.#with({ bufferUsageRatio });
  }

  requestQueueSize(requestQueueSize: number): this {
    return this.#with({ requestQueueSize });
  }

  disconnectedBehavior(disconnectedBehavior: DisconnectedBehavior): this {
    return this.#with({ disconnectedBehavior });
  }

  /** Deadline of a command, in ms. */
  timeout(timeoutMs: number): this {
    return this.#with({ timeoutMs });
  }

  /** The same as `timeout`, in the form that lettuce has since version 5.1. */
  timeoutOptions({ fixedTimeoutMs }: { readonly fixedTimeoutMs: number }): this {
    return this.timeout(fixedTimeoutMs);
  }

  socketOptions(socketOptions: SocketOptions): this {
    return this.#with({ socketOptions });
  }

  sslOptions(sslOptions: TlsOptions): this {
    return this.#with({ sslOptions });
  }

  reconnectDelay(reconnectDelay: ReconnectDelay): this {
    return this.#with({ reconnectDelay });
  }

  protocolVersion(protocolVersion: 2 | 3): this {
    return this.#with({ protocolVersion });
  }

  /** @throws InvalidOptionError (`INVALID_OPTION`) naming the option */
  build(): ClientOptions {
    return new ClientOptions(this.#fields);
  }

  #with(fields: ClientOptionsFields): this {
    this.#fields = { ...this.#fields, ...fields };
    return this;
  }
}

function checked(fields: ClientOptionsFields): ClientOptionsFields {
  if (typeof fields !== 'object' || fields === null) {
    throw new InvalidOptionError('clientOptions', 'must be ClientOptions or an object of their fields');
  }
  for (const key of Object.keys(fields)) {
    if (!NAMES.has(key)) {
      throw new InvalidOptionError(
        key,
        `is not an option of a connection; there are ${[...NAMES].join(', ')}`,
      );
    }
  }
  const { autoReconnect, pingBeforeActivateConnection, bufferUsageRatio, requestQueueSize } = fields;
  const { disconnectedBehavior, protocolVersion } = fields;
  if (autoReconnect !== undefined) flag(autoReconnect, 'autoReconnect');
  if (pingBeforeActivateConnection !== undefined)
    flag(pingBeforeActivateConnection, 'pingBeforeActivateConnection');
  if (bufferUsageRatio !== undefined && !(bufferUsageRatio > 0))
    throw new InvalidOptionError('bufferUsageRatio', 'must be a number above 0');
  if (requestQueueSize !== undefined) bound(requestQueueSize, 'requestQueueSize');
  if (disconnectedBehavior !== undefined)
    oneOf(Object.values(DisconnectedBehavior), disconnectedBehavior, 'disconnectedBehavior');
  if (protocolVersion !== undefined) oneOf([2, 3], protocolVersion, 'protocolVersion');
  // Times and sockets are checked by the client that gets them.
  return { ...fields };
}
