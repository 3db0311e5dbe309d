import { describe, expect, it } from 'vitest';
import { isAtLeast, parseServerVersion } from './server-version.js';

describe('parseServerVersion', () => {
  it.each([
    [
      'Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=ae4d7c9',
      '/usr/bin/redis-server',
      'redis',
      '7.0.15',
    ],
    ['Valkey server v=8.1.3 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '/opt/server', 'valkey', '8.1.3'],
    ['Server v=7.2.9 sha=00000000:0 malloc=libc bits=64', '/usr/bin/valkey-server', 'valkey', '7.2.9'],
  ])('reads %j', (output, path, name, version) => {
    expect(parseServerVersion(output, path)).toEqual({ name, version });
  });

  it.each(['', 'redis-cli 7.0.15', 'GNU bash, version 5.2.15'])('finds no server in %j', (output) => {
    expect(parseServerVersion(output, '/bin/x')).toBeUndefined();
  });
});

describe('isAtLeast', () => {
  it.each([
    ['6.2.0', '6.2', true],
    ['6.1.99', '6.2', false],
    ['10.0.0', '6.2', true],
    ['7.0.15', '7.0.16', false],
    ['7.0.15', '7', true],
  ])('%s against %s', (version, wanted, expected) => {
    expect(isAtLeast(version, wanted)).toBe(expected);
  });
});
