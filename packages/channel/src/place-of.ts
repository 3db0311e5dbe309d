import type { DriverSource } from '@redlane/client';

const DEFAULT_HOST = '127.0.0.1';

/** Where a server is, for messages: `host:port` or the like, never credentials. */
export function placeOf(source: DriverSource): string {
  if (typeof source === 'number') return hostAndPort(DEFAULT_HOST, source);
  if (typeof source === 'string') return placeOfText(source);
  if (Array.isArray(source)) return hostAndPort(source[0], source[1]);
  const { path, sentinels, host, port, options } = source as Partial<Record<string, unknown>>;
  if (typeof path === 'string') return path;
  if (Array.isArray(sentinels)) return 'the master that sentinels name';
  if (typeof host === 'string' || typeof port === 'number') return hostAndPort(host, port);
  // An ioredis instance keeps them there.
  if (typeof options === 'object' && options !== null) return placeOf(options as DriverSource);
  return 'the address of the client that was passed in';
}

function placeOfText(text: string): string {
  if (!text.includes(':')) return hostAndPort(text, undefined);
  if (!URL.canParse(text)) return 'the address in the URL';
  const { hostname, port, pathname } = new URL(text);
  return hostname === '' ? pathname : hostAndPort(hostname, port);
}

function hostAndPort(host: unknown, port: unknown): string {
  const name = typeof host === 'string' && host !== '' ? host : DEFAULT_HOST;
  const isBare6 = name.includes(':') && !name.startsWith('[');
  return `${isBare6 ? `[${name}]` : name}:${port === undefined || port === '' ? 6379 : String(port)}`;
}
