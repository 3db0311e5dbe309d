import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from './errors.js';
import { isUrl, parseUrl } from './url.js';

describe('parseUrl', () => {
  it.each([
    ['redis://', {}],
    ['redis://localhost', { host: 'localhost' }],
    ['REDIS://localhost:6380', { host: 'localhost', port: 6380 }],
    ['redis://10.0.0.1:1/3', { host: '10.0.0.1', port: 1, db: 3 }],
    ['redis://h/', { host: 'h' }],
    ['redis:///2', { db: 2 }],
    ['redis://h?db=4', { host: 'h', db: 4 }],
    ['redis://h/4?db=4', { host: 'h', db: 4 }],
    ['redis://[::1]:6380/1', { host: '::1', port: 6380, db: 1 }],
    ['redis://[fe80::1]', { host: 'fe80::1' }],
    ['redis://:secret@h', { host: 'h', password: 'secret' }],
    ['redis://alice@h', { host: 'h', username: 'alice' }],
    [
      'redis://al%3Aice:p%40%2Fs%25s%23%3F@h:2',
      { host: 'h', port: 2, username: 'al:ice', password: 'p@/s%s#?' },
    ],
    ['rediss://h', { host: 'h', tls: true }],
    ['valkey://h', { host: 'h' }],
    ['valkeys://u:p@h', { host: 'h', username: 'u', password: 'p', tls: true }],
    ['unix:/tmp/redis.sock', { path: '/tmp/redis.sock' }],
    ['unix:///tmp/redis.sock?db=2', { path: '/tmp/redis.sock', db: 2 }],
    ['unix://u:p%21@/tmp/a%20b.sock', { path: '/tmp/a b.sock', username: 'u', password: 'p!' }],
    ['redis+unix:///tmp/redis.sock', { path: '/tmp/redis.sock' }],
  ])('reads %s', (url, options) => {
    expect(parseUrl(url)).toEqual(options);
  });

  it.each([
    ['http://h', /scheme that is not one of redis/],
    ['redis:h', /needs \/\//],
    ['redis:/h', /needs \/\//],
    ['redis://h:notaport', /cannot be read/],
    ['redis://h/first', /database by a number/],
    ['redis://h/-1', /database by a number/],
    ['redis://h?db=', /database by a number/],
    ['redis://h/1/2', /database by a number/],
    ['redis://h/1?db=2', /more than one database/],
    ['redis://h?timeout=5', /unknown parameter "timeout"/],
    ['redis://h#x', /fragment.*%23/],
    ['redis://h#', /fragment.*%23/],
    ['redis://%zz@h', /user name that is not percent-encoded/],
    ['unix:tmp/redis.sock', /absolute path/],
    ['unix:///', /absolute path/],
    ['unix://host/redis.sock', /has a host/],
  ])('refuses %s', (url, problem) => {
    expect(() => parseUrl(url)).toThrow(problem);
    expect(() => parseUrl(url)).toThrow(InvalidOptionError);
  });

  it.each([
    'redis://:s3cret@h:notaport',
    'redis://:s3cr/et@h',
    'redis://:s3cr#et@h',
    'redis://:s3cr?et@h',
    'redis://:12?s3cr=et@h',
    'redis://u:12?s3cr=et@h',
    'redis://s3cret?x@h',
    'redis://:12/s3cret@h',
    'redis://:s3cret%zz@h',
    'redis://:s3cret@h/db',
    'redis://:s3cret@h?x=1',
    'http://:s3cret@h',
    'redis://u:s3cret@[::1',
  ])('never shows a part of the password: %s', (url) => {
    try {
      parseUrl(url);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InvalidOptionError);
      expect(error).toMatchObject({ code: 'INVALID_OPTION', option: 'url' });
      expect(`${(error as Error).stack} ${JSON.stringify(error)}`).not.toMatch(/s3cr/);
      expect(error).not.toHaveProperty('cause');
    }
  });
});

describe('isUrl', () => {
  it.each(['redis://h', 'http://h', 'unix:/tmp/x', 'redis+unix:/x'])('takes %s', (text) =>
    expect(isUrl(text)).toBe(true),
  );
  it.each(['localhost', '::1', '10.0.0.1', 'unix', '/tmp/x'])('leaves %s', (text) =>
    expect(isUrl(text)).toBe(false),
  );
});
