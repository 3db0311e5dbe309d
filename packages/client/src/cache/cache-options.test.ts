import { expect, it } from 'vitest';
import { type ClientCacheOptions, resolveCacheOptions } from './cache-options.js';

it('has defaults', () => {
  expect(resolveCacheOptions({})).toEqual({
    maxBytes: 16 * 1024 * 1024,
    mode: 'optin',
    prefixes: [],
    ttlMs: Number.POSITIVE_INFINITY,
    noLoop: false,
  });
});

it.each<[string, unknown]>([
  ['clientCache', null],
  ['clientCache.maxBytes', { maxBytes: 0 }],
  ['clientCache.maxBytes', { maxBytes: Number.POSITIVE_INFINITY }],
  ['clientCache.mode', { mode: 'broadcast' }],
  ['clientCache.prefixes', { prefixes: 'user:', mode: 'bcast' }],
  ['clientCache.prefixes[1]', { prefixes: ['user:', 5], mode: 'bcast' }],
  ['clientCache.prefixes[1]', { prefixes: ['user:', 'user:1'], mode: 'bcast' }],
  ['clientCache.prefixes[0]', { prefixes: ['user:1', Buffer.from('user:')], mode: 'bcast' }],
  ['clientCache.prefixes', { prefixes: ['user:'] }],
  ['clientCache.ttlMs', { ttlMs: -1 }],
  ['clientCache.ttl', { ttl: 5 }],
  ['clientCache.noLoop', { noLoop: 1 }],
])('names %s when it is wrong', (option, options) => {
  expect(() => resolveCacheOptions(options as ClientCacheOptions)).toThrow(
    expect.objectContaining({ code: 'INVALID_OPTION', option }),
  );
});

it('keeps its own bytes of a prefix, and takes 0 for no bound of time', () => {
  const prefix = Buffer.from('user:');
  const options = resolveCacheOptions({ mode: 'bcast', prefixes: [prefix], ttlMs: 0 });
  prefix.fill(0);
  expect(options.prefixes.map((bytes) => Buffer.from(bytes).toString())).toEqual(['user:']);
  expect(options.ttlMs).toBe(Number.POSITIVE_INFINITY);
});
