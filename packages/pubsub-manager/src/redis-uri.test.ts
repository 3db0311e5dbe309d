import { describe, expect, it } from 'vitest';
import { RedisURI } from './redis-uri.js';

const of = (uri: string) => {
  const { host, port, password, username, db, tls, timeoutMs, clientName, path, sentinels, name } =
    RedisURI.create(uri).toClientOptions();
  const given = { host, port, password, username, db, tls, timeoutMs, clientName, path, sentinels, name };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
};

const local = { host: 'localhost', port: 6379, db: 0, tls: false };

describe('RedisURI.create', () => {
  it.each([
    ['redis://localhost', local],
    ['valkey://localhost:7000/3', { ...local, port: 7000, db: 3 }],
    ['redis://secret@localhost', { ...local, password: 'secret' }],
    ['redis://:secret@localhost', { ...local, password: 'secret' }],
    ['redis://ann:s%40x@localhost', { ...local, username: 'ann', password: 's@x' }],
    ['rediss://localhost?verifyPeer=NONE', { ...local, tls: { rejectUnauthorized: false } }],
    ['valkeys://[::1]:6380', { ...local, host: '::1', port: 6380, tls: true }],
    [
      'redis://localhost?timeout=10s&clientName=me&database=2',
      { ...local, timeoutMs: 10_000, clientName: 'me', db: 2 },
    ],
    ['redis://localhost?timeout=250', { ...local, timeoutMs: 250 }],
    [
      'redis-socket://pw@/tmp/redis.sock?database=1',
      { path: '/tmp/redis.sock', password: 'pw', db: 1, tls: false },
    ],
    ['unix:/tmp/redis.sock', { path: '/tmp/redis.sock', db: 0, tls: false }],
    [
      'redis-sentinel://pw@a:1,b/2#main',
      {
        sentinels: [
          { host: 'a', port: 1 },
          { host: 'b', port: 26_379 },
        ],
        name: 'main',
        password: 'pw',
        db: 2,
        tls: false,
      },
    ],
    [
      'rediss+sentinel://a/main/2',
      { sentinels: [{ host: 'a', port: 26_379 }], name: 'main', db: 2, tls: true },
    ],
  ])('reads %s', (uri, options) => {
    expect(of(uri)).toEqual(options);
  });

  it('takes host and port', () => {
    expect(String(RedisURI.create('localhost'))).toBe('redis://localhost:6379');
    expect(String(RedisURI.create('::1', '7000'))).toBe('redis://[::1]:7000');
  });

  it.each([
    'http://localhost',
    'redis://',
    'redis://host:0',
    'redis://host:70000',
    'redis://host/x',
    'redis://host#main',
    'redis://host?timeout=soon',
    'redis://host?verifyPeer=maybe',
    'redis://host?pass@word',
    'redis://host?poolSize=1',
    'redis://s%zz@host',
    'redis-socket://',
    'redis-socket://elsewhere/tmp/x',
    'redis-sentinel://a/main/1/2',
    'redis://a b',
  ])('refuses %s without showing it', (uri) => {
    let error: Error | undefined;
    try {
      RedisURI.create(uri);
    } catch (thrown) {
      error = thrown as Error;
    }
    expect(error).toMatchObject({ code: 'INVALID_OPTION', option: 'uri' });
    expect(error?.message).not.toMatch(/s%zz|pass@word/);
  });
});

describe('RedisURI.builder', () => {
  it('builds what was said', () => {
    const uri = RedisURI.builder()
      .withHost('redis.example')
      .withPort('6380')
      .withAuthentication('ann', 'secret')
      .withDatabase(4)
      .withSsl(true)
      .withVerifyPeer(false)
      .withTimeout(100)
      .withClientName('me')
      .build();
    expect(uri).toMatchObject({
      host: 'redis.example',
      port: 6380,
      username: 'ann',
      password: 'secret',
      database: 4,
      ssl: true,
      verifyPeer: false,
      timeoutMs: 100,
      clientName: 'me',
    });
    expect(`${uri} ${JSON.stringify({ uri })}`).not.toContain('secret');
    expect(String(uri)).toBe('rediss://ann:***@redis.example:6380/4');
  });

  it('names sentinels and sockets', () => {
    const sentinels = RedisURI.builder()
      .withSentinel('a')
      .withSentinel('b', 1, 'pw')
      .withSentinelMasterId('main');
    expect(sentinels.build().toClientOptions()).toMatchObject({ name: 'main', sentinelPassword: 'pw' });
    expect(String(sentinels.withSsl(true).build())).toBe('rediss-sentinel://a:26379,b:1#main');
    expect(String(RedisURI.builder().withSocket('/tmp/x').withPassword('p').build())).toBe(
      'redis-socket://***@/tmp/x',
    );
  });

  it.each<[string, () => unknown]>([
    ['no place', () => RedisURI.builder().withPassword('x').build()],
    ['two places', () => RedisURI.builder().withHost('a').withSocket('/tmp/x').build()],
    ['an empty host', () => RedisURI.builder().withHost('')],
    ['a port that is none', () => RedisURI.builder().withPort('x')],
    ['a database that is none', () => RedisURI.builder().withDatabase(-1)],
    ['a timeout that is none', () => RedisURI.builder().withTimeout(Number.NaN)],
    ['a password that is none', () => RedisURI.builder().withPassword(1 as never)],
    ['ssl that is none', () => RedisURI.builder().withSsl('yes' as never)],
  ])('refuses %s', (_, build) => {
    expect(build).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });
});
