import { InvalidOptionError } from '../errors.js';
import type { Check } from '../option-checks.js';
import { isPort, type ServerAddress } from './server-address.js';

/** A sentinel: `{ host, port }`, `'host:port'` or `'host'`; port 26379 unless it is given. */
export type SentinelAddress = string | { readonly host: string; readonly port?: number | undefined };

/** Options that say something only beside `sentinels`. */
export const SENTINEL_OPTIONS = [
  'name',
  'role',
  'sentinelUsername',
  'sentinelPassword',
  'sentinelTls',
  'sentinelTimeoutMs',
  'mapAddress',
] as const;

const DEFAULT_PORT = 26_379;
/** `host`, `host:port`, `[v6]` or `[v6]:port`. */
const HOST_AND_PORT = /^(?:\[([\da-f:.%]+)\]|([^\s/:@[\]]+))(?::(\d{1,5}))?$/i;

/** A list of at least one sentinel. What is wrong is not shown: in a URL it may be a piece of a password. */
export const sentinelList: Check = (value, option) => {
  if (!Array.isArray(value) || value.length === 0) {
    throw new InvalidOptionError(option, "must be a list of at least one sentinel, as in ['host:26379']");
  }
  return Object.freeze(value.map((each: unknown, i) => sentinelAddress(each, `${option}[${i}]`)));
};

/** The name of a master, as sentinels know it. */
export const masterName: Check = (value, option) => {
  if (typeof value === 'string' && /^[\w.-]+$/.test(value)) return value;
  throw new InvalidOptionError(option, 'must consist of letters, digits and the signs . - _');
};

function sentinelAddress(value: unknown, option: string): ServerAddress {
  const { host, port = DEFAULT_PORT } = typeof value === 'string' ? split(value) : fieldsOf(value);
  if (typeof host === 'string' && /^[^\s/@[\]]+$/.test(host) && isPort(port))
    return Object.freeze({ host, port });
  throw new InvalidOptionError(
    option,
    "must be { host, port } or 'host:port', an IPv6 address in brackets, as in '[::1]:26379'",
  );
}

function split(text: string): { readonly host?: string | undefined; readonly port?: number } {
  const [, v6, host = v6, port] = HOST_AND_PORT.exec(text) ?? [];
  return { host, ...(port === undefined ? {} : { port: Number(port) }) };
}

function fieldsOf(value: unknown): { readonly host?: unknown; readonly port?: unknown } {
  return typeof value === 'object' && value !== null ? value : {};
}
