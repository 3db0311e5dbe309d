import { Cluster, Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { checkInstance, type IoredisDriverOptions, resolveSettings } from './ioredis-driver-options.js';

const check = (client: unknown, options: IoredisDriverOptions = {}): void =>
  checkInstance(client, resolveSettings(options));
const lazy = { lazyConnect: true };

describe('options', () => {
  it('have defaults, and durations of 0 are none', () => {
    expect(resolveSettings({})).toMatchObject({
      share: false,
      maxLeases: 50,
      maxCommands: 100_000,
      timeoutMs: 5_000,
    });
    expect(resolveSettings({ timeoutMs: 0, limits: { commands: 7 } })).toMatchObject({
      timeoutMs: Number.POSITIVE_INFINITY,
      maxCommands: 7,
    });
  });

  it.each([
    [{ maxLeases: 0 }, 'maxLeases'],
    [{ timeoutMs: -1 }, 'timeoutMs'],
    [{ share: 'yes' }, 'share'],
    [{ limits: { commands: 0 } }, 'limits.commands'],
    [{ limits: { bytes: 1 } }, 'limits.bytes'],
    [{ timeout: 1 }, 'timeout'],
    [null, 'options'],
  ])('%j are refused by the name of what is wrong', (options, option) => {
    expect(() => resolveSettings(options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});

describe('an instance', () => {
  it.each([
    () => new Redis({ ...lazy, keyPrefix: 'app:' }),
    () => new Cluster([{ port: 1 }], { ...lazy, keyPrefix: 'app:' }),
    () => new Cluster([{ port: 1 }], { ...lazy, redisOptions: { keyPrefix: 'app:' } }),
  ])('with a key prefix is refused, and the error says why', (make) => {
    expect(() => check(make())).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'keyPrefix' }),
    );
    expect(() => check(make())).toThrow(/does not put it before channels/);
  });

  it('that decodes RESP3 by itself is refused for sharing only', () => {
    const client = new Redis({ ...lazy, replyMapping: 'resp3' });
    expect(() => check(client, { share: true })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option: 'share' }),
    );
    expect(() => check(client)).not.toThrow();
  });

  it.each([undefined, null, {}, 'redis://localhost', { status: 'ready', options: {} }])(
    'is not %j',
    (client) => {
      expect(() => check(client)).toThrow(expect.objectContaining({ option: 'client' }));
    },
  );

  it('is a Redis or a Cluster', () => {
    expect(() => check(new Redis(lazy))).not.toThrow();
    expect(() => check(new Cluster([{ port: 1 }], lazy))).not.toThrow();
  });
});
