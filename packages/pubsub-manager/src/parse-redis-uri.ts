import { InvalidOptionError } from '@redlane/client';
import type { RedisURIFields } from './redis-uri.js';

type Mutable = { -readonly [Name in keyof RedisURIFields]: RedisURIFields[Name] };

/** Scheme, what stands before the first `/`, `?` or `#`, path, query, fragment. */
const PARTS = /^([a-z][a-z+-]*):(?:\/\/)?([^/?#]*)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/i;
const SCHEME = /^(redis|valkey|unix)(s?)(?:[+-](socket|unix|sentinel))?$/;
const HOST = /^(?:\[([\da-f:.%]+)\]|([^\s/:@[\]]+))(?::(\d{1,5}))?$/i;
const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads what {@link RedisURI.create} describes. Nothing of it is shown in errors: all of it may be a password. */
export function parseRedisUri(uri: string): RedisURIFields {
  const [, scheme = '', authority = '', path = '', query = '', fragment] = PARTS.exec(uri) ?? refuse(SHAPE);
  const [, family, s, kind] = SCHEME.exec(scheme.toLowerCase()) ?? refuse(SHAPE);
  const fields: Mutable = {};
  if (s === 's') fields.ssl = true;
  const hostsAt = authority.lastIndexOf('@') + 1;
  if (hostsAt > 0) readLogin(authority.slice(0, hostsAt - 1), fields);
  const hosts = authority.slice(hostsAt);
  if (family === 'unix' || kind === 'socket' || kind === 'unix') readSocket(hosts, path, fields);
  else if (kind === 'sentinel') readSentinels(hosts, path, fragment, fields);
  else {
    Object.assign(fields, { port: 6379, ...hostOf(hosts) });
    readDatabase(path.slice(1), fields);
    if (fragment !== undefined) refuse('has a fragment; write # in a password as %23');
  }
  readQuery(query, fields);
  return fields;
}

const SHAPE =
  'cannot be read; expected redis://[[username:]password@]host[:port][/database], redis-socket:///path or ' +
  'redis-sentinel://host,host[/database]#masterId, with the signs :/?#[]@% in a password percent-encoded';

function readLogin(login: string, fields: Mutable): void {
  const colon = login.indexOf(':');
  if (colon > 0) fields.username = decode(login.slice(0, colon));
  const password = decode(login.slice(colon + 1));
  if (password !== '') fields.password = password;
}

function readSocket(host: string, path: string, fields: Mutable): void {
  if ((host !== '' && host !== 'localhost') || path.length < 2) refuse('needs the absolute path of a socket');
  fields.socket = decode(path);
}

/** lettuce's form has the master behind `#`, that of `@redlane/client` in the path. */
function readSentinels(hosts: string, path: string, fragment: string | undefined, fields: Mutable): void {
  fields.sentinels = hosts.split(',').map((host) => ({ port: 26_379, ...hostOf(host) }));
  const steps = path.split('/').slice(1);
  const first = steps[0] ?? '';
  if (fragment !== undefined) fields.sentinelMasterId = decode(fragment);
  else if (first !== '' && !/^\d+$/.test(first)) fields.sentinelMasterId = decode(steps.shift() as string);
  if (steps.length > 1) refuse('has a longer path than a master and a database');
  readDatabase(steps[0] ?? '', fields);
}

function hostOf(authority: string): { host: string; port?: number } {
  const [, v6, host = v6, port] = HOST.exec(authority) ?? refuse(SHAPE);
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) refuse('has a port that is none');
  return { host: decode(host as string), ...(port === undefined ? {} : { port: Number(port) }) };
}

function readDatabase(digits: string, fields: Mutable): void {
  if (digits === '') return;
  if (!/^\d{1,9}$/.test(digits)) refuse('must name its database by a number, as in redis://localhost:6379/2');
  fields.database = Number(digits);
}

function readQuery(query: string, fields: Mutable): void {
  if (query.includes('@')) refuse('has an @ behind its ?; percent-encode the signs in the password');
  for (const [key, value] of new URLSearchParams(query)) {
    if (key === 'timeout') fields.timeoutMs = durationOf(value);
    else if (key === 'clientName') fields.clientName = value;
    else if (key === 'database' || key === 'db') readDatabase(value, fields);
    else if (key === 'sentinelMasterId') fields.sentinelMasterId = value;
    else if (key === 'verifyPeer') fields.verifyPeer = verifies(value);
    else {
      const known = 'timeout, clientName, database, sentinelMasterId and verifyPeer';
      refuse(`has the unknown parameter ${JSON.stringify(key)}; ${known} are known`);
    }
  }
}

/** Without a unit it is milliseconds, as in lettuce. */
function durationOf(value: string): number {
  const [, digits, unit = 'ms'] =
    /^(\d{1,9})(ms|s|m|h|d)?$/.exec(value) ?? refuse('has a timeout that is no duration, as 10s');
  return Number(digits) * (UNIT_MS[unit] as number);
}

function verifies(value: string): boolean {
  if (/^(false|none)$/i.test(value)) return false;
  if (/^(true|full)$/i.test(value)) return true;
  return refuse('has a verifyPeer that is neither FULL nor NONE');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return refuse('is not percent-encoded properly; write % as %25');
  }
}

function refuse(problem: string): never {
  throw new InvalidOptionError('uri', problem);
}
