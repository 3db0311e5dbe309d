import type { ClientOptions } from '@redlane/client';
import type { Address } from './get-client.js';

const DEFAULTS = { host: '127.0.0.1', port: 6379, db: 0 };
/** Where these are, there is no host and port. */
const OTHER_PLACES = ['path', 'address', 'sentinels'];

/** Equal for addresses that say the same, in whichever form. What has no words is equal to itself. */
export function clientKey(address: Address): unknown {
  const options = optionsOf(address);
  if (typeof options !== 'object') return options;
  const given = present(options);
  if (!isPlain(given)) return address;
  const isElsewhere = OTHER_PLACES.some((place) => place in given);
  return JSON.stringify(sorted(isElsewhere ? given : { ...DEFAULTS, ...given }));
}

function optionsOf(address: Address): ClientOptions | string {
  if (typeof address === 'number') return { port: address };
  if (typeof address === 'string') return address.includes(':') ? optionsOfUrl(address) : { host: address };
  return isPair(address) ? { host: address[0], port: address[1] } : address;
}

/** Of a URL that says no more than host, port, login and database; another one is as it is written. */
function optionsOfUrl(text: string): ClientOptions | string {
  if (!/^(?:redis|valkey):\/\//i.test(text) || !URL.canParse(text)) return text;
  const { hostname, port, username, password, pathname, search, hash } = new URL(text);
  const db = /^\/?(\d*)$/.exec(pathname)?.[1];
  if (db === undefined || search !== '' || hash !== '') return text;
  try {
    return {
      host: decoded(hostname.replace(/^\[(.*)\]$/, '$1')),
      port: port === '' ? undefined : Number(port),
      username: decoded(username),
      password: decoded(password),
      db: db === '' ? undefined : Number(db),
    };
  } catch {
    return text;
  }
}

function decoded(text: string): string | undefined {
  return text === '' ? undefined : decodeURIComponent(text);
}

function isPair(address: object): address is readonly [host: string, port: number] {
  return Array.isArray(address);
}

function present(options: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null)
    return typeof value !== 'function' && typeof value !== 'symbol';
  if (Array.isArray(value)) return value.every(isPlain);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return false;
  return Object.values(value).every(isPlain);
}

/** Entries in the order of their names, and those that are `undefined` left out. */
function sorted(value: unknown): unknown {
  // What JSON has no words for: Infinity is a value of many options.
  if (typeof value === 'number' || typeof value === 'bigint') return `${typeof value} ${value}`;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  return Object.entries(present(value))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, item]) => [name, sorted(item)]);
}
