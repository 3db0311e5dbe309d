import { defaultLimits, type Limits } from '@redlane/resp3-core';
import type {
  ClientOptions,
  ClientSettings,
  Credentials,
  LimitSettings,
  PoolSettings,
  ReconnectSettings,
  ResolvedOptions,
} from './client-options.js';
import { InvalidOptionError } from './errors.js';
import {
  bound,
  type Check,
  callable,
  deadline,
  duration,
  flag,
  integer,
  oneOf,
  record,
  text,
  token,
} from './option-checks.js';
import { isUrl, parseUrl } from './url.js';

export type { ClientOptions, ResolvedOptions } from './client-options.js';

/** What a client can be constructed from. */
export type ClientArguments =
  | [host?: string | undefined, port?: number | undefined, options?: ClientOptions]
  | [url: string, options?: ClientOptions]
  | [port: number, options?: ClientOptions]
  | [options: ClientOptions];

type Schema<Settings> = { readonly [Name in keyof Settings]-?: readonly [fallback: Settings[Name], Check] };
type Given = Readonly<Record<string, unknown>>;

const NEVER = Number.POSITIVE_INFINITY;

const reconnect: Schema<ReconnectSettings> = {
  minDelayMs: [50, duration],
  maxDelayMs: [5_000, duration],
  giveUpAfterMs: [NEVER, deadline],
};

const limits: Schema<LimitSettings> = {
  commands: [100_000, bound],
  bytes: [128 * 1024 * 1024, bound],
  policy: ['reject', oneOf('reject', 'wait')],
};

const pool: Schema<PoolSettings> = {
  minConnections: [0, integer(0)],
  maxConnections: [50, integer(1)],
  acquireTimeoutMs: [5_000, deadline],
  idleTimeoutMs: [30_000, deadline],
  maxLifetimeMs: [1_800_000, deadline],
  checkIdleAfterMs: [1_000, duration],
  leakReportMs: [NEVER, deadline],
};

const replyLimits = Object.fromEntries(
  Object.entries(defaultLimits).map(([name, fallback]) => [name, [fallback, integer(1)]]),
) as unknown as Schema<Limits>;

const login: Schema<Credentials> = { username: [undefined, text], password: [undefined, text] };

const client: Schema<ClientSettings> = {
  host: ['127.0.0.1', hostName],
  port: [6379, integer(1, 65_535)],
  path: [undefined, socketPath],
  username: [undefined, text],
  password: [undefined, text],
  credentials: [undefined, credentials],
  db: [0, integer(0)],
  clientName: [undefined, token()],
  tls: [false, tlsOptions],
  protocol: [3, oneOf(2, 3)],
  family: [0, oneOf(0, 4, 6)],
  connectTimeoutMs: [5_000, deadline],
  timeoutMs: [5_000, deadline],
  blockingGraceMs: [2_000, duration],
  keepAliveMs: [10_000, keepAlive],
  noDelay: [true, flag],
  pingIntervalMs: [30_000, deadline],
  silenceTimeoutMs: [15_000, deadline],
  retry: ['safe', oneOf('safe', 'never', 'always')],
  reconnect: [resolve(reconnect, {}), group(reconnect)],
  offlineQueue: [true, flag],
  limits: [resolve(limits, {}), group(limits)],
  replies: ['string', oneOf('string', 'bytes')],
  maps: ['map', oneOf('map', 'object')],
  replyLimits: [defaultLimits, group(replyLimits)],
  pool: [resolve(pool, {}), group(pool)],
  connectionPool: [undefined, record],
  Reader: [undefined, callable],
  writeCommand: [undefined, callable],
  unref: [false, flag],
  libraryName: ['redlane', token('()')],
  libraryTag: [undefined, token('()')],
};

/**
 * Options with every default, from any form of a constructor's arguments: host and port, a URL, a port, or options. What
 * options say wins over the URL or the host before them. Nothing that was passed in is changed or kept, except for objects
 * inside of `tls`.
 *
 * @throws {@link InvalidOptionError} (`INVALID_OPTION`) naming the option
 */
export function resolveOptions(...args: ClientArguments): ResolvedOptions {
  const given = gather(args);
  const settings = resolve(client, given);
  if (settings.reconnect.minDelayMs > settings.reconnect.maxDelayMs) {
    throw new InvalidOptionError('reconnect.minDelayMs', 'must not exceed reconnect.maxDelayMs');
  }
  if (settings.pool.minConnections > settings.pool.maxConnections) {
    throw new InvalidOptionError('pool.minConnections', 'must not exceed pool.maxConnections');
  }
  return Object.freeze({ ...settings, tls: settings.tls === false ? undefined : (settings.tls as object) });
}

function gather(args: ClientArguments): Given {
  const [first, ...rest] = args as readonly unknown[];
  if (typeof first === 'string' && isUrl(first)) return merge(parseUrl(first), optionsAt(rest, 0));
  if (typeof first === 'number') return merge({ port: first }, optionsAt(rest, 0));
  if (typeof first === 'object' && first !== null) return merge({}, optionsAt(args, 0));
  // The seed's form: host and port, then options.
  return merge({ host: first, port: rest[0] }, optionsAt(rest, 1));
}

function optionsAt(args: readonly unknown[], at: number): Given {
  if (args.length > at + 1) {
    throw new InvalidOptionError(
      'options',
      'must be the last argument: (host, port, options), (url, options)',
    );
  }
  const given = args[at] === undefined ? {} : record(args[at], 'options');
  return given as Given;
}

/** `given` over `base`; what excludes something in `base` takes its place. */
function merge(base: object, given: Given): Given {
  const over = present(given);
  const under = present(base as Given);
  refusePairs(over);
  if ('path' in over) drop(under, 'host', 'port');
  if ('host' in over || 'port' in over) drop(under, 'path');
  if ('credentials' in over) drop(under, 'username', 'password');
  const { tls: byUrl } = under;
  const { tls } = over;
  if (byUrl === true && tls === false) {
    throw new InvalidOptionError(
      'tls',
      'is false, but the URL asks for TLS; write redis:// for a plain connection',
    );
  }
  return { ...under, ...over };
}

function refusePairs(given: Given): void {
  if ('path' in given && ('host' in given || 'port' in given)) {
    throw new InvalidOptionError('path', 'excludes host and port: connect to the one or to the other');
  }
  if ('credentials' in given && ('username' in given || 'password' in given)) {
    throw new InvalidOptionError(
      'credentials',
      'excludes username and password: log in by the one or by the others',
    );
  }
}

function present(given: Given): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function drop(given: Record<string, unknown>, ...names: readonly string[]): void {
  for (const name of names) delete given[name];
}

function hostName(value: unknown, option: string): string {
  const host = (text(value, option) as string).replace(/^\[(.*)\]$/, '$1');
  if (host.includes('/')) {
    throw new InvalidOptionError(
      option,
      'must be a name or address; the path of a unix socket goes into path',
    );
  }
  if (host === '' || /\s/.test(host))
    throw new InvalidOptionError(option, 'must not be empty or contain spaces');
  return host;
}

function socketPath(value: unknown, option: string): string {
  if (text(value, option) === '') throw new InvalidOptionError(option, 'must not be empty');
  return value as string;
}

function credentials(value: unknown, option: string): unknown {
  return typeof value === 'function' ? value : group(login)(value, option);
}

function tlsOptions(value: unknown, option: string): unknown {
  return typeof value === 'boolean'
    ? value && Object.freeze({})
    : Object.freeze({ ...(record(value, option) as object) });
}

/** Node takes 0 for a delay of the system's own choice, so off is one value of our own. */
function keepAlive(value: unknown, option: string): number {
  const delay = duration(value, option) as number;
  return Number.isFinite(delay) ? delay : 0;
}

function group<Settings>(schema: Schema<Settings>): Check {
  return (value, option) => resolve(schema, record(value, option) as Given, `${option}.`);
}

function resolve<Settings>(schema: Schema<Settings>, given: Given, prefix = ''): Readonly<Settings> {
  for (const name of Object.keys(given)) if (!Object.hasOwn(schema, name)) refuseName(schema, name, prefix);
  const resolved: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(schema)) {
    const [fallback, check] = entry as Schema<Given>[string];
    const value = given[name] === undefined ? fallback : check(given[name], prefix + name);
    resolved[name] = value;
  }
  return Object.freeze(resolved) as Readonly<Settings>;
}

function refuseName(schema: object, name: string, prefix: string): never {
  const wanted = name.toLowerCase();
  const close = Object.keys(schema).find((known) => [wanted, `${wanted}ms`].includes(known.toLowerCase()));
  throw new InvalidOptionError(
    prefix + name,
    close === undefined ? 'is not an option' : `is not an option; did you mean ${prefix}${close}?`,
  );
}
