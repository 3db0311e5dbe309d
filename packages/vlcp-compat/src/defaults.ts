import { readFileSync } from 'node:fs';
import { type ClientOptions, InvalidOptionError, type RedisClient } from '@redlane/client';

/**
 * How connections are made, for what VLCP's protocol object is for: options of `@redlane/client` (keep-alive, reconnect,
 * limits, protocol version, …), or a client of it, which is shared then and not closed.
 */
export type RedisProtocol = ClientOptions | RedisClient;

/** VLCP's configuration `redisclient.*`, and what is new. */
export interface RedisClientConfiguration {
  /**
   * `tcp://host:port/`, `ssl://host:port/`, `unix:path`, and the URLs of `@redlane/client`: `redis(s)://user:password@host:port/db`
   * and so on. @default 'tcp://localhost/'
   */
  readonly url: string;
  /** Database number. @default that of the URL, else 0 */
  readonly db: number | undefined;
  /** How long a command waits for a connection, in ms; 0 or `Infinity`: for ever. @default 10_000 */
  readonly timeoutMs: number;
  /** Deadline of a reply, in ms; 0 or `Infinity`: none. @default 10_000 */
  readonly commandTimeoutMs: number;
  /** With `ssl:` and `rediss:`: our private key, as a path or as PEM. @default undefined */
  readonly key: string | undefined;
  /** With `ssl:` and `rediss:`: our certificate, as a path or as PEM. @default undefined */
  readonly certificate: string | undefined;
  /** With `ssl:` and `rediss:`: whom to trust, as a path or as PEM. @default those that Node.js trusts */
  readonly caCerts: string | undefined;
  /** Exclusive connections at most, also those that are idle in the pool. @default 50 */
  readonly maxConnections: number;
  /** Idle exclusive connections are closed after this time, in ms; 0 or `Infinity`: never. @default 30_000 */
  readonly idleTimeoutMs: number;
  /** ACL user; without it a password is that of `default`. @default undefined */
  readonly username: string | undefined;
  /** @default undefined */
  readonly password: string | undefined;
}

/** Options of a client. What is left out, or `undefined`, has its default. */
export type RedisClientOptions = {
  readonly [Name in keyof RedisClientConfiguration]?: RedisClientConfiguration[Name] | undefined;
} & {
  /** How connections are made. @default {} */
  readonly protocol?: RedisProtocol | undefined;
};

/** The configuration of a client that is told nothing. */
export const DEFAULTS: RedisClientConfiguration = Object.freeze({
  url: 'tcp://localhost/',
  db: undefined,
  timeoutMs: 10_000,
  commandTimeoutMs: 10_000,
  key: undefined,
  certificate: undefined,
  caCerts: undefined,
  maxConnections: 50,
  idleTimeoutMs: 30_000,
  username: undefined,
  password: undefined,
});

/**
 * The configuration with every value.
 *
 * @throws InvalidOptionError (`INVALID_OPTION`) for an option that there is not, and a time that is none
 */
export function configurationOf({ protocol: _, ...options }: RedisClientOptions): RedisClientConfiguration {
  const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== null);
  for (const [name] of given) if (!Object.hasOwn(DEFAULTS, name)) throw unknown(name);
  const configuration: RedisClientConfiguration = { ...DEFAULTS, ...Object.fromEntries(given) };
  for (const name of ['timeoutMs', 'commandTimeoutMs'] as const) {
    const value: unknown = configuration[name];
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new InvalidOptionError(name, 'must be a number of milliseconds from 0 to Infinity');
    }
  }
  if (typeof configuration.url !== 'string') throw new InvalidOptionError('url', 'must be a string');
  return configuration;
}

/** A URL of VLCP as the client reads it. */
export function clientUrl(url: string): string {
  const translated = url.replace(/^tcp:/i, 'redis:').replace(/^ssl:/i, 'rediss:');
  if (translated.includes('://') || /^(redis\+)?unix:/i.test(translated)) return translated;
  throw new InvalidOptionError(
    'url',
    'must be tcp://host:port/, ssl://host:port/, unix:/path, or redis://user:password@host:port/db',
  );
}

/** The options that a configuration stands for; what the protocol says wins, but for what the configuration is about. */
export function clientOptions(
  configuration: RedisClientConfiguration,
  protocol: ClientOptions,
): ClientOptions {
  const { db, timeoutMs, commandTimeoutMs, maxConnections, idleTimeoutMs, username, password } =
    configuration;
  const tls = tlsOf(configuration, protocol.tls);
  return {
    // As in VLCP, nothing that was written is written again.
    retry: 'never',
    libraryTag: 'vlcp-compat',
    ...protocol,
    timeoutMs: commandTimeoutMs,
    pool: { acquireTimeoutMs: timeoutMs, maxConnections, idleTimeoutMs, ...protocol.pool },
    ...(db === undefined ? {} : { db }),
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { tls }),
  };
}

function tlsOf(
  { key, certificate, caCerts }: RedisClientConfiguration,
  given: ClientOptions['tls'],
): ClientOptions['tls'] {
  const files = { key, cert: certificate, ca: caCerts };
  const named = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== undefined);
  if (named.length === 0) return given;
  const texts = named.map(([name, value]) => [name, pem(value)]);
  return { ...(typeof given === 'object' ? given : {}), ...Object.fromEntries(texts) };
}

function pem(pathOrText: string): string {
  return pathOrText.includes('-----BEGIN') ? pathOrText : readFileSync(pathOrText, 'utf8');
}

function unknown(name: string): InvalidOptionError {
  const ms = `${name}Ms`;
  const close = Object.hasOwn(DEFAULTS, ms) ? `; did you mean ${ms}, in milliseconds?` : '';
  return new InvalidOptionError(name, `is not an option${close}`);
}
