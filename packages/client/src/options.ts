import { defaultLimits, type Limits } from '@redlane/resp3-core';
import type {
  ClientOptions,
  ClientSettings,
  Credentials,
  LimitSettings,
  ReconnectSettings,
  ResolvedOptions,
} from './client-options.js';
import { InvalidOptionError } from './errors.js';
import {
  bound,
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
import { poolSettings, resolvePoolSettings } from './pool-settings.js';
import { group, resolve, type Schema } from './schema.js';
import { locatorOf } from './sentinel/locator-of.js';
import { masterName, SENTINEL_OPTIONS, sentinelList } from './sentinel/sentinel-options.js';
import { isUrl, parseUrl } from './url.js';

/** What a client can be constructed from. */
export type ClientArguments =
  | [host?: string | undefined, port?: number | undefined, options?: ClientOptions]
  | [url: string, options?: ClientOptions]
  | [port: number, options?: ClientOptions]
  | [options: ClientOptions];

type Values = Readonly<Record<string, unknown>>;

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

const replyLimits = Object.fromEntries(
  Object.entries(defaultLimits).map(([name, fallback]) => [name, [fallback, integer(1)]]),
) as unknown as Schema<Limits>;

const login: Schema<Credentials> = { username: [undefined, text], password: [undefined, text] };

const client: Schema<ClientSettings> = {
  host: ['127.0.0.1', hostName],
  port: [6379, integer(1, 65_535)],
  path: [undefined, socketPath],
  address: [undefined, callable],
  sentinels: [undefined, sentinelList],
  name: ['mymaster', masterName],
  role: ['master', oneOf('master', 'replica')],
  sentinelUsername: [undefined, text],
  sentinelPassword: [undefined, text],
  sentinelTls: [false, tlsOptions],
  sentinelTimeoutMs: [1_000, deadline],
  mapAddress: [undefined, callable],
  username: [undefined, text],
  password: [undefined, text],
  credentials: [undefined, credentials],
  db: [0, integer(0)],
  clientName: [undefined, token()],
  tls: [false, tlsOptions],
  protocol: [3, oneOf(2, 3)],
  subscriptions: ['shared', oneOf('shared', 'dedicated')],
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
  pool: [resolvePoolSettings({}), poolSettings],
  connectionPool: [undefined, record],
  clientCache: [undefined, cacheSetup],
  recorder: [undefined, recorder],
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
  if (settings.clientCache !== undefined && (settings.Reader ?? settings.writeCommand) !== undefined) {
    throw new InvalidOptionError(
      'clientCache',
      'excludes Reader and writeCommand: it must know the bytes of keys as they are on the wire',
    );
  }
  const resolved = {
    ...settings,
    tls: tlsOrNone(settings.tls),
    // The check has brought them into one form.
    sentinels: settings.sentinels as ResolvedOptions['sentinels'],
    sentinelTls: tlsOrNone(settings.sentinelTls),
  };
  return Object.freeze({ ...resolved, locator: locatorOf(resolved) });
}

function gather(args: ClientArguments): Values {
  const [first, ...rest] = args as readonly unknown[];
  if (typeof first === 'string' && isUrl(first)) return merge(parseUrl(first), optionsAt(rest, 0));
  if (typeof first === 'number') return merge({ port: first }, optionsAt(rest, 0));
  if (typeof first === 'object' && first !== null) return merge({}, optionsAt(args, 0));
  // The seed's form: host and port, then options.
  return merge({ host: first, port: rest[0] }, optionsAt(rest, 1));
}

function optionsAt(args: readonly unknown[], at: number): Values {
  if (args.length > at + 1) {
    throw new InvalidOptionError(
      'options',
      'must be the last argument: (host, port, options), (url, options)',
    );
  }
  const given = args[at] === undefined ? {} : record(args[at], 'options');
  return given as Values;
}

/** Where the server is: one of these, and what else goes with it. */
const PLACES = [['host', 'port'], ['path'], ['address'], ['sentinels', ...SENTINEL_OPTIONS]] as const;

/** `given` over `base`; what excludes something in `base` takes its place. */
function merge(base: object, given: Values): Values {
  const over = present(given);
  const under = present(base as Values);
  refusePairs(over);
  for (const place of PLACES) {
    if (!place.some((name) => name in over)) continue;
    for (const other of PLACES) if (other !== place) drop(under, ...other);
  }
  if ('credentials' in over) drop(under, 'username', 'password');
  const { tls: byUrl } = under;
  const { tls } = over;
  if (byUrl === true && tls === false) {
    throw new InvalidOptionError(
      'tls',
      'is false, but the URL asks for TLS; write redis:// for a plain connection',
    );
  }
  const merged: Values = { ...under, ...over };
  const stray = SENTINEL_OPTIONS.find((name) => name in merged);
  if (stray !== undefined && !('sentinels' in merged)) {
    throw new InvalidOptionError(stray, 'is for sentinels only: name them by sentinels, or leave it out');
  }
  return merged;
}

function refusePairs(given: Values): void {
  if ('path' in given && ('host' in given || 'port' in given)) {
    throw new InvalidOptionError('path', 'excludes host and port: connect to the one or to the other');
  }
  for (const name of ['sentinels', 'address']) {
    const other = ['address', 'host', 'port', 'path'].find((each) => each !== name && each in given);
    if (name in given && other !== undefined) {
      throw new InvalidOptionError(name, `excludes ${other}: let the server be found, or say where it is`);
    }
  }
  if ('credentials' in given && ('username' in given || 'password' in given)) {
    throw new InvalidOptionError(
      'credentials',
      'excludes username and password: log in by the one or by the others',
    );
  }
}

function present(given: Values): Record<string, unknown> {
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

function recorder(value: unknown, option: string): unknown {
  if (typeof (record(value, option) as { tap?: unknown }).tap === 'function') return value;
  throw new InvalidOptionError(option, 'must be a Recorder of @redlane/client/recorder');
}

function credentials(value: unknown, option: string): unknown {
  return typeof value === 'function' ? value : group(login)(value, option);
}

function tlsOptions(value: unknown, option: string): unknown {
  return typeof value === 'boolean'
    ? value && Object.freeze({})
    : Object.freeze({ ...(record(value, option) as object) });
}

function tlsOrNone(tls: ClientSettings['tls']): ResolvedOptions['tls'] {
  return tls === false ? undefined : (tls as object);
}

function cacheSetup(value: unknown, option: string): unknown {
  if (typeof value === 'object' && value !== null && 'attach' in value) return value;
  throw new InvalidOptionError(option, 'must be made by clientCache() of @redlane/client/cache');
}

/** Node takes 0 for a delay of the system's own choice, so off is one value of our own. */
function keepAlive(value: unknown, option: string): number {
  const delay = duration(value, option) as number;
  return Number.isFinite(delay) ? delay : 0;
}
