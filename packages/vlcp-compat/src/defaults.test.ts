import { describe, expect, it } from 'vitest';
import { clientOptions, clientUrl, configurationOf, DEFAULTS } from './defaults.js';
import { RedisClient } from './redis-client.js';

describe('URLs', () => {
  it.each([
    ['tcp://localhost/', 'redis://localhost/'],
    ['TCP://host:1/', 'redis://host:1/'],
    ['ssl://host', 'rediss://host'],
    ['unix:/a/b', 'unix:/a/b'],
    ['rediss://u:p@h:1/2', 'rediss://u:p@h:1/2'],
  ])('%s is %s', (from, to) => {
    expect(clientUrl(from)).toBe(to);
  });

  it.each(['localhost', 'http', '/tmp/sock', 'tcp://h/#x', 'ftp://h/'])('%s is refused', (url) => {
    expect(() => new RedisClient(url)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'url' }),
    );
  });
});

describe('options', () => {
  it('have the defaults of VLCP', () => {
    expect(configurationOf({})).toEqual(DEFAULTS);
    expect(DEFAULTS).toMatchObject({ url: 'tcp://localhost/', timeoutMs: 10_000 });
  });

  it('that there are not are refused, with what may be meant', () => {
    expect(() => configurationOf({ timeout: 10 } as never)).toThrow(
      /timeout is not an option; did you mean timeoutMs/,
    );
    expect(() => configurationOf({ bulklimit: 10 } as never)).toThrow(/bulklimit is not an option$/);
    expect(() => configurationOf({ timeoutMs: -1 })).toThrow(
      expect.objectContaining({ option: 'timeoutMs' }),
    );
    expect(() => configurationOf({ commandTimeoutMs: '5' as never })).toThrow('commandTimeoutMs');
    expect(() => configurationOf({ url: 5 as never })).toThrow('url');
    expect(() => new RedisClient(null, -1)).toThrow(expect.objectContaining({ option: 'db' }));
  });

  it('become those of the client; what the protocol says comes with them', () => {
    const options = clientOptions(configurationOf({ db: 2, password: 'pw', maxConnections: 3 }), {
      keepAliveMs: 5,
      retry: 'safe',
      pool: { checkIdleAfterMs: 0 },
      db: 9,
    });
    expect(options).toMatchObject({
      db: 2,
      password: 'pw',
      keepAliveMs: 5,
      retry: 'safe',
      pool: { maxConnections: 3, acquireTimeoutMs: 10_000, checkIdleAfterMs: 0 },
    });
    expect(clientOptions(configurationOf({}), {})).toMatchObject({ retry: 'never' });
  });
});
