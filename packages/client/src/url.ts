import { InvalidOptionError } from './errors.js';
import { type SentinelUrl, splitSentinelUrl } from './sentinel/sentinel-url.js';

/** What a URL says about a connection. */
export interface UrlOptions {
  host?: string;
  port?: number;
  path?: string;
  username?: string;
  password?: string;
  db?: number;
  tls?: true;
  sentinels?: readonly string[];
  name?: string;
  sentinelTls?: true;
}

const TCP_SCHEMES = new Set(['redis:', 'rediss:', 'valkey:', 'valkeys:']);
const TLS_SCHEMES = new Set(['rediss:', 'valkeys:']);
const UNIX_SCHEMES = new Set(['unix:', 'redis+unix:']);
const ENCODE = 'with the signs :/?#[]@% in a password percent-encoded';

/** Whether a constructor's first argument is a URL, not a host. */
export function isUrl(text: string): boolean {
  return text.includes('://') || /^(redis\+)?unix:/i.test(text);
}

/**
 * Reads `redis://user:password@host:port/db`, the same with `rediss` (TLS), `valkey` and `valkeys`, and
 * `unix:/path/to/socket?db=1` (also `unix://user:password@/path` and `redis+unix:`). User and password are
 * percent-decoded; the database stands in the path or in `?db=`. With sentinels, and the master's name before the database:
 * `redis+sentinel://user:password@host:port,host:port/name`; `rediss+sentinel` is TLS to the servers and the sentinels.
 *
 * @throws {@link InvalidOptionError} (`INVALID_OPTION`), without any part of the URL that may be secret.
 */
export function parseUrl(text: string): UrlOptions {
  const split = splitSentinelUrl(text);
  if (split !== undefined) return sentinelUrl(split);
  const url = parse(text);
  const unix = UNIX_SCHEMES.has(url.protocol);
  if (!unix && !TCP_SCHEMES.has(url.protocol)) {
    throw refuse('has a scheme that is not one of redis, rediss, valkey, valkeys, unix, redis+sentinel');
  }
  if (!unix && !/^\w+:\/\//.test(text))
    throw refuse('needs // after its scheme, as in redis://localhost:6379');
  if (url.hash !== '' || text.endsWith('#')) {
    throw refuse('must not have a fragment; write # in a password as %23');
  }
  return { ...(unix ? unixSocket(url) : tcpHost(url)), ...credentials(url), ...database(url, unix) };
}

function sentinelUrl({ sentinels, name, rest }: SentinelUrl): UrlOptions {
  const { host: _, ...options } = parseUrl(rest);
  if (name.includes('@')) throw refuse(`has an @ after its hosts; write it ${ENCODE}`);
  return {
    ...options,
    sentinels,
    ...(name === '' ? {} : { name: decode(name, 'name') }),
    ...(options.tls === undefined ? {} : { sentinelTls: options.tls }),
  };
}

function parse(text: string): URL {
  try {
    // `URL` has no user without a host.
    return new URL(text.replace(/^((?:redis\+)?unix:\/\/[^/]*@)\//i, '$1localhost/'));
  } catch {
    // The error of `URL` carries its input, password and all: it must not become a cause.
    throw refuse(`cannot be read; expected redis://user:password@host:port/db, ${ENCODE}`);
  }
}

function tcpHost(url: URL): UrlOptions {
  const options: UrlOptions = {};
  const host = decode(url.hostname, 'host').replace(/^\[(.*)\]$/, '$1');
  if (host !== '') options.host = host;
  if (url.port !== '') options.port = Number(url.port);
  if (TLS_SCHEMES.has(url.protocol)) options.tls = true;
  return options;
}

function unixSocket(url: URL): UrlOptions {
  if (url.host !== '' && url.host !== 'localhost')
    throw refuse('has a host; a socket is named as unix:/path/to/socket');
  const path = decode(url.pathname, 'path');
  if (!path.startsWith('/') || path === '/') {
    throw refuse('needs the absolute path of a socket, as in unix:/path/to/socket');
  }
  return { path };
}

function credentials(url: URL): UrlOptions {
  const options: UrlOptions = {};
  if (url.username !== '') options.username = decode(url.username, 'user name');
  if (url.password !== '') options.password = decode(url.password, 'password');
  return options;
}

function database(url: URL, unix: boolean): UrlOptions {
  // More likely the rest of a password with a ? in it than a parameter: not to be shown.
  if (url.search.includes('@')) throw refuse(`has an @ after its ?; write it ${ENCODE}`);
  const found = new Set<string>();
  if (!unix && url.pathname.length > 1) found.add(url.pathname.slice(1));
  for (const [name, value] of url.searchParams) {
    if (name !== 'db') throw refuse(`has an unknown parameter ${JSON.stringify(name)}; only db is known`);
    found.add(value);
  }
  if (found.size === 0) return {};
  const [db] = [...found] as [string];
  if (found.size > 1) throw refuse('names more than one database');
  if (!/^\d{1,9}$/.test(db))
    throw refuse('must name its database by a number, as in redis://localhost:6379/2');
  return { db: Number(db) };
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse(`has a ${part} that is not percent-encoded properly; write % as %25`);
  }
}

function refuse(problem: string): InvalidOptionError {
  return new InvalidOptionError('url', problem);
}
