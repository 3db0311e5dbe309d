import { describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.js';
import { readOptions } from './options.js';

describe("the inspector's options", () => {
  it('have defaults', () => {
    expect(readOptions([], {})).toEqual({
      url: 'redis://127.0.0.1:6379',
      prefix: '/',
      messages: 3,
      json: false,
      everySeconds: undefined,
    });
  });

  it('are read, also behind the -- of npm; --url goes before REDIS_URL', () => {
    const args = ['--', '--url', 'rediss://h:1', '--prefix', '/a/', '--messages', '0', '--watch', '--json'];
    expect(readOptions(args, { REDIS_URL: 'redis://other' })).toEqual({
      url: 'rediss://h:1',
      prefix: '/a/',
      messages: 0,
      json: true,
      everySeconds: 2,
    });
    expect(readOptions([], { REDIS_URL: 'redis://other' })).toMatchObject({ url: 'redis://other' });
    expect(readOptions(['--watch', '--every', '0.5'], {})).toMatchObject({ everySeconds: 0.5 });
    expect(readOptions(['--help', '--json'], {})).toBe('help');
  });

  it.each([
    [['--wacth'], /--wacth/],
    [['orders'], /orders/],
    [['--url', 'http://127.0.0.1'], /redis:\/\/127\.0\.0\.1:6379/],
    [['--prefix', 'orders'], /begin and end with "\/"/],
    [['--messages', '1.5'], /--messages must be a whole number from 0 to 100/],
    [['--messages', ''], /--messages must be/],
    [['--watch', '--every', '0'], /--every must be a number from 0\.1 to 3600/],
    [['--every', '1'], /--every needs --watch/],
  ])('refuse %j', (args, message) => {
    expect(() => readOptions(args, {})).toThrow(UsageError);
    expect(() => readOptions(args, {})).toThrow(message);
  });
});
