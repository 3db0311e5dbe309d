import { defaultLimits } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import type { ClientOptions } from './client-options.js';
import { InvalidOptionError } from './errors.js';
import { type ClientArguments, resolveOptions } from './options.js';

const NEVER = Number.POSITIVE_INFINITY;

function refusal(...args: unknown[]): InvalidOptionError {
  try {
    resolveOptions(...(args as ClientArguments));
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidOptionError);
    return error as InvalidOptionError;
  }
  throw new Error('was accepted');
}

describe('defaults', () => {
  it('are all filled in', () => {
    expect(resolveOptions()).toEqual({
      host: '127.0.0.1',
      port: 6379,
      path: undefined,
      name: 'mymaster',
      role: 'master',
      sentinelTimeoutMs: 1_000,
      username: undefined,
      password: undefined,
      credentials: undefined,
      db: 0,
      clientName: undefined,
      tls: undefined,
      protocol: 3,
      subscriptions: 'shared',
      family: 0,
      connectTimeoutMs: 5_000,
      timeoutMs: 5_000,
      blockingGraceMs: 2_000,
      keepAliveMs: 10_000,
      noDelay: true,
      pingIntervalMs: 30_000,
      silenceTimeoutMs: 15_000,
      retry: 'safe',
      reconnect: { minDelayMs: 50, maxDelayMs: 5_000, giveUpAfterMs: NEVER },
      offlineQueue: true,
      limits: { commands: 100_000, bytes: 134_217_728, policy: 'reject' },
      replies: 'string',
      maps: 'map',
      replyLimits: defaultLimits,
      pool: {
        minConnections: 0,
        maxConnections: 50,
        acquireTimeoutMs: 5_000,
        idleTimeoutMs: 30_000,
        maxLifetimeMs: 1_800_000,
        checkIdleAfterMs: 1_000,
        leakReportMs: NEVER,
        healthTimeoutMs: 1_000,
        onLeak: undefined,
        random: Math.random,
      },
      connectionPool: undefined,
      Reader: undefined,
      writeCommand: undefined,
      unref: false,
      libraryName: 'redlane',
      libraryTag: undefined,
    });
  });

  it('are the same for every form without options', () => {
    const expected = resolveOptions();
    expect(resolveOptions('127.0.0.1')).toEqual(expected);
    expect(resolveOptions('127.0.0.1', 6379, {})).toEqual(expected);
    expect(resolveOptions('redis://')).toEqual(expected);
    expect(resolveOptions({})).toEqual(expected);
    expect(resolveOptions(6379)).toEqual(expected);
    expect(resolveOptions(undefined, undefined, { db: undefined })).toEqual(expected);
  });

  it('are frozen, groups included', () => {
    const options = resolveOptions({ pool: { maxConnections: 5 }, tls: true });
    for (const part of [
      options,
      options.pool,
      options.limits,
      options.reconnect,
      options.replyLimits,
      options.tls,
    ]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(options.pool).toMatchObject({ maxConnections: 5, minConnections: 0 });
  });
});

describe('forms', () => {
  it('takes host and port', () => {
    expect(resolveOptions('h', 1, { db: 2 })).toMatchObject({ host: 'h', port: 1, db: 2 });
    expect(resolveOptions('h')).toMatchObject({ host: 'h', port: 6379 });
    expect(resolveOptions('[::1]')).toMatchObject({ host: '::1' });
  });

  it('takes a URL, and options that win over it', () => {
    const url = 'rediss://u:p@h:1/3';
    expect(resolveOptions(url)).toMatchObject({
      host: 'h',
      port: 1,
      db: 3,
      username: 'u',
      password: 'p',
      tls: {},
    });
    expect(resolveOptions(url, { db: 4, port: 2 })).toMatchObject({ host: 'h', port: 2, db: 4 });
    expect(resolveOptions(url, { path: '/s' })).toMatchObject({ path: '/s', host: '127.0.0.1', port: 6379 });
    expect(resolveOptions('unix:/s', { host: 'h' })).toMatchObject({ path: undefined, host: 'h' });
    const credentials = () => ({});
    expect(resolveOptions(url, { credentials })).toMatchObject({
      username: undefined,
      password: undefined,
      credentials,
    });
    expect(resolveOptions(url, { tls: { ca: 'x' } }).tls).toEqual({ ca: 'x' });
  });

  it('takes a port, and options', () => {
    expect(resolveOptions(1)).toMatchObject({ host: '127.0.0.1', port: 1 });
    expect(resolveOptions(1, { db: 1 })).toMatchObject({ port: 1, db: 1 });
    expect(resolveOptions({ host: 'h', db: 1 })).toMatchObject({ host: 'h', db: 1 });
  });

  it('changes and keeps nothing that was passed in', () => {
    const tls = { ca: 'x' };
    const given: ClientOptions = Object.freeze({
      host: 'h',
      tls,
      pool: Object.freeze({ maxConnections: 3 }),
    });
    const options = resolveOptions(given);
    tls.ca = 'y';
    expect(options.tls).toEqual({ ca: 'x' });
    expect(given).toEqual({ host: 'h', tls: { ca: 'y' }, pool: { maxConnections: 3 } });
    expect(Object.isFrozen(tls)).toBe(false);
  });
});

describe('durations', () => {
  it('reads 0 as none where that makes sense', () => {
    const options = resolveOptions({
      connectTimeoutMs: 0,
      timeoutMs: 0,
      pingIntervalMs: 0,
      silenceTimeoutMs: 0,
      blockingGraceMs: 0,
      keepAliveMs: 0,
      pool: { checkIdleAfterMs: 0, idleTimeoutMs: 0 },
    });
    expect(options).toMatchObject({
      connectTimeoutMs: NEVER,
      timeoutMs: NEVER,
      pingIntervalMs: NEVER,
      silenceTimeoutMs: NEVER,
      blockingGraceMs: 0,
      keepAliveMs: 0,
      pool: { checkIdleAfterMs: 0, idleTimeoutMs: NEVER },
    });
  });

  it('reads what no timer can measure as never', () => {
    expect(resolveOptions({ timeoutMs: 2 ** 31 - 1 }).timeoutMs).toBe(2 ** 31 - 1);
    expect(resolveOptions({ timeoutMs: 2 ** 31 }).timeoutMs).toBe(NEVER);
    expect(resolveOptions({ keepAliveMs: NEVER }).keepAliveMs).toBe(0);
  });
});

describe('refusals', () => {
  it.each<[option: string, value: unknown, problem: RegExp]>([
    ['host', 7, /must be a string, got number/],
    ['host', '', /must not be empty/],
    ['host', '/tmp/redis.sock', /goes into path/],
    ['port', '6379', /from 1 to 65535, got "6379"/],
    ['port', 0, /from 1 to 65535, got 0/],
    ['port', 65_536, /from 1 to 65535/],
    ['path', '', /must not be empty/],
    ['password', 12345, /must be a string, got number$/],
    ['db', -1, /of at least 0, got -1/],
    ['db', 1.5, /of at least 0/],
    ['clientName', 'two words', /without spaces/],
    ['clientName', '', /not empty/],
    ['libraryTag', 'a(b', /without spaces and \(\)/],
    ['tls', 'yes', /must be an object, got string/],
    ['protocol', 4, /one of 2, 3, got 4/],
    ['family', 5, /one of 0, 4, 6/],
    ['timeoutMs', -1, /milliseconds from 0 to Infinity, got -1/],
    ['timeoutMs', Number.NaN, /got NaN/],
    ['timeoutMs', '5', /got "5"/],
    ['noDelay', 1, /true or false, got 1/],
    ['retry', 'sometimes', /one of "safe", "never", "always", got "sometimes"/],
    ['limits', 5, /must be an object, got number/],
    ['limits.commands', 0, /positive integer or Infinity/],
    ['limits.policy', 'drop', /one of "reject", "wait"/],
    ['replyLimits.depth', 0, /of at least 1/],
    ['replyLimits.deep', 1, /is not an option/],
    ['pool.maxConnections', 0, /of at least 1/],
    ['pool.minConnections', 51, /must not exceed pool\.maxConnections/],
    ['reconnect.minDelayMs', 6_000, /must not exceed reconnect\.maxDelayMs/],
    ['Reader', {}, /function or class, got object/],
    ['credentials', 'me', /must be an object/],
    ['credentials.password', 5, /must be a string/],
    ['timeout', 5, /did you mean timeoutMs\?/],
    ['connecttimeoutms', 5, /did you mean connectTimeoutMs\?/],
    ['pool.healthTimeoutMs', -1, /number of milliseconds/],
    ['pool.onLeak', 'warn', /must be a function/],
    ['pool.max', 5, /is not an option$/],
  ])('%s: %j', (option, value, problem) => {
    const names = option.split('.');
    const given = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
    const error = refusal(given);
    expect(error).toMatchObject({ code: 'INVALID_OPTION', option });
    expect(error.message).toMatch(problem);
  });

  it('refuses two ways to say one thing', () => {
    expect(refusal({ path: '/s', port: 1 }).message).toMatch(/path excludes host and port/);
    expect(refusal({ credentials: {}, password: 'p' }).message).toMatch(
      /credentials excludes username and password/,
    );
  });

  it('does not lower the security that a URL asks for', () => {
    expect(refusal('rediss://h', { tls: false }).option).toBe('tls');
  });

  it('refuses arguments in the wrong places', () => {
    expect(refusal('redis://h', 6379).option).toBe('options');
    expect(refusal({ host: 'h' }, {}).message).toMatch(/last argument/);
    expect(refusal('h', { db: 1 }).option).toBe('port');
    expect(refusal(null).option).toBe('host');
  });

  it('never shows a secret', () => {
    const error = refusal({ password: { s3cret: 1 } });
    expect(`${error.stack}`).not.toContain('s3cret:');
    expect(refusal({ credentials: { password: ['s3cret'] } }).message).not.toContain('s3cret');
  });
});
