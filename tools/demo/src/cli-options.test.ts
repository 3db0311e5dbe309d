import { describe, expect, it } from 'vitest';
import { parseCli } from './cli-options.js';

describe('parseCli', () => {
  it('serves on port 4000 over our client when nothing is said', () => {
    expect(parseCli([], {})).toEqual({
      mode: 'serve',
      port: 4_000,
      driver: 'redlane',
      redisUrl: undefined,
      orders: 500,
      losesOne: false,
    });
  });

  it('takes a free port for the check, unless it is told one', () => {
    expect(parseCli(['--check'], {})).toMatchObject({ mode: 'check', port: 0 });
    expect(parseCli(['--check'], { PORT: '4001' }).port).toBe(4_001);
  });

  it('heeds the environment, where empty is unset', () => {
    const redisUrl = 'redis://127.0.0.1:6380/1';
    expect(parseCli([], { PORT: '8080', REDIS_URL: redisUrl })).toMatchObject({ port: 8_080, redisUrl });
    expect(parseCli([], { PORT: '', REDIS_URL: '' })).toMatchObject({ port: 4_000, redisUrl: undefined });
    expect(parseCli([], { REDLANE_DEMO_LOSE: '1' }).losesOne).toBe(true);
  });

  it('takes the driver and the number of orders', () => {
    const options = parseCli(['--check', '--driver', 'ioredis', '--orders=60'], {});
    expect(options).toMatchObject({ driver: 'ioredis', orders: 60 });
  });

  it('prefers help', () => {
    expect(parseCli(['--check', '-h'], {}).mode).toBe('help');
  });

  it.each([
    [['--chek'], {}, "Unknown option '--chek'; see --help"],
    [['now'], {}, 'now'],
    [['--driver', 'jedis'], {}, '--driver should be redlane or ioredis, not "jedis"'],
    [['--check', '--orders', '2'], {}, '--orders should be a whole number from 20 to 10000, not "2"'],
    [['--orders', '60'], {}, '--orders is for the check'],
    [[], { PORT: 'http' }, 'PORT should be a whole number from 0 to 65535, not "http"'],
    [[], { PORT: '70000' }, 'not "70000"'],
    [[], { REDIS_URL: 'localhost' }, 'REDIS_URL should look like redis://'],
  ])('says what is wrong with %j %j', (args, env, message) => {
    expect(() => parseCli(args, env)).toThrow(message);
  });

  it('never shows a REDIS_URL', () => {
    expect(() => parseCli([], { REDIS_URL: 'http://me:secret@host' })).toThrow(/^((?!secret).)*$/);
  });
});
