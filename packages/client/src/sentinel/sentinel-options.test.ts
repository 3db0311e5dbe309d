import { describe, expect, it } from 'vitest';
import { InvalidOptionError } from '../errors.js';
import { type ClientArguments, resolveOptions } from '../options.js';

function refusal(...args: unknown[]): InvalidOptionError {
  try {
    resolveOptions(...(args as ClientArguments));
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOptionError);
    return error as InvalidOptionError;
  }
  throw new Error('was accepted');
}

const address = () => ({ host: 'h', port: 1 });

describe('sentinels', () => {
  it.each([
    ['h', { host: 'h', port: 26_379 }],
    ['h:5000', { host: 'h', port: 5000 }],
    ['10.0.0.1:5000', { host: '10.0.0.1', port: 5000 }],
    ['[::1]', { host: '::1', port: 26_379 }],
    ['[::1]:5000', { host: '::1', port: 5000 }],
    [{ host: 'h' }, { host: 'h', port: 26_379 }],
    [
      { host: '::1', port: 5000 },
      { host: '::1', port: 5000 },
    ],
  ])('may be named by %j', (given, sentinel) => {
    expect(resolveOptions({ sentinels: [given] }).sentinels).toEqual([sentinel]);
  });

  it.each([
    [[], 'sentinels'],
    ['h:5000', 'sentinels'],
    [['h', ''], 'sentinels[1]'],
    [['::1'], 'sentinels[0]'],
    [['h:0'], 'sentinels[0]'],
    [['h:65536'], 'sentinels[0]'],
    [['redis://h'], 'sentinels[0]'],
    [['user@h'], 'sentinels[0]'],
    [[{ port: 1 }], 'sentinels[0]'],
    [[{ host: 'h', port: '1' }], 'sentinels[0]'],
    [[{ host: 'a b' }], 'sentinels[0]'],
    [[null], 'sentinels[0]'],
  ])('cannot be %j', (sentinels, option) => {
    expect(refusal({ sentinels }).option).toBe(option);
  });

  it('have a master with a name, a role that is wanted of it, and a login of their own', () => {
    expect(resolveOptions({ sentinels: ['h'] })).toMatchObject({
      name: 'mymaster',
      role: 'master',
      sentinelUsername: undefined,
      sentinelPassword: undefined,
      sentinelTls: undefined,
      sentinelTimeoutMs: 1_000,
    });
    expect(refusal({ sentinels: ['h'], name: 'a b' }).option).toBe('name');
    expect(refusal({ sentinels: ['h'], role: 'slave' }).option).toBe('role');
    expect(refusal({ sentinels: ['h'], mapAddress: {} }).option).toBe('mapAddress');
  });

  it.each(['name', 'role', 'sentinelUsername', 'sentinelPassword', 'sentinelTls', 'mapAddress'])(
    'are missing when there is a %s',
    (option) => {
      const { message } = refusal('h', 1, { [option]: 'x' });
      expect(message).toBe(`${option} is for sentinels only: name them by sentinels, or leave it out`);
    },
  );
});

describe('where the server is', () => {
  it.each([
    [{ sentinels: ['h'], host: 'h' }, 'sentinels'],
    [{ sentinels: ['h'], port: 1 }, 'sentinels'],
    [{ sentinels: ['h'], path: '/s' }, 'sentinels'],
    [{ sentinels: ['h'], address }, 'sentinels'],
    [{ address, host: 'h' }, 'address'],
    [{ address, port: 1 }, 'address'],
    [{ address, path: '/s' }, 'address'],
    [{ address: 'h:1' }, 'address'],
  ])('is not said twice: %j', (options, option) => {
    expect(refusal(options).option).toBe(option);
  });

  it('is what the options say, rather than the arguments before them', () => {
    const found = resolveOptions('redis://:secret@old:1/2', { sentinels: ['h'] });
    expect(found).toMatchObject({ host: '127.0.0.1', port: 6379, password: 'secret', db: 2 });
    expect(found.sentinels).toEqual([{ host: 'h', port: 26_379 }]);
    expect(resolveOptions('old', 1, { address })).toMatchObject({ host: '127.0.0.1', address });
    const named = resolveOptions('redis+sentinel://old/other', { host: 'h' });
    expect(named).toMatchObject({ host: 'h', sentinels: undefined, name: 'mymaster', locator: undefined });
  });
});

describe('a URL', () => {
  it.each([
    ['redis+sentinel://a', { sentinels: [{ host: 'a', port: 26_379 }], name: 'mymaster' }],
    [
      'redis+sentinel://a:1,b:2,[::1]:3/main',
      {
        sentinels: [
          { host: 'a', port: 1 },
          { host: 'b', port: 2 },
          { host: '::1', port: 3 },
        ],
        name: 'main',
        tls: undefined,
        sentinelTls: undefined,
      },
    ],
    ['redis+sentinel://a/main/2', { name: 'main', db: 2 }],
    ['redis+sentinel://a/main?db=3', { name: 'main', db: 3 }],
    ['valkey+sentinel://al%40ice:p%2Cw@a,b/main', { username: 'al@ice', password: 'p,w', name: 'main' }],
    ['rediss+sentinel://a/main', { tls: {}, sentinelTls: {} }],
    ['valkeys+sentinel://a', { tls: {}, sentinelTls: {} }],
  ])('may name them: %s', (url, expected) => {
    expect(resolveOptions(url)).toMatchObject(expected);
  });

  it.each([
    ['redis+sentinel://', 'sentinels[0]'],
    ['redis+sentinel://a,,b/main', 'sentinels[1]'],
    ['redis+sentinel://:secret/x@a/main', 'url'],
    ['redis+sentinel://:secret/main', 'sentinels[0]'],
    ['redis+sentinel://secret/x@a/main', 'url'],
    ['redis+sentinel://a/main/secret', 'url'],
    ['redis+sentinel://a/main?secret=1', 'url'],
    ['unix+sentinel://a', 'url'],
  ])('is refused without showing what may be secret: %s', (url, option) => {
    const error = refusal(url);
    expect(error.option).toBe(option);
    if (!url.includes('?')) expect(error.message).not.toContain('secret');
  });
});
