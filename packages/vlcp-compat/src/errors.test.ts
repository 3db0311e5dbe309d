import {
  AbortError,
  ClosedError,
  ConnectError,
  ConnectionLostError,
  PoolError,
  TimeoutError,
} from '@redlane/client';
import { describe, expect, it } from 'vitest';
import { RedisClientShutdown, RedisConnectionDown, RedisReplyException } from './errors.js';
import { translateError } from './translate-error.js';

describe('RedisReplyException', () => {
  it.each([
    ['ERR unknown command', 'ERR', 'unknown command'],
    ['LOADING', 'LOADING', ''],
    ['', '', ''],
  ])('%j is %j and %j', (message, subtype, describe) => {
    expect(new RedisReplyException(message)).toMatchObject({ message, subtype, code: subtype, describe });
  });
});

describe('the errors of the client', () => {
  const written = { maybeExecuted: true, phase: 'written' } as const;
  const lost = new ConnectionLostError({ ...written, command: 'INCR' });
  const figures = { size: 1, inUse: 1, connecting: 0, waiting: 1, longestHeldMs: 1, timeoutMs: 5 };
  const diagnosis = { state: 'down', queued: 0, inFlight: 0, lastReadMsAgo: undefined, p99Ms: undefined };

  it.each([
    [lost, false, 'CONNECTION_DOWN'],
    [lost, true, 'CONNECTION_RESTARTED'],
    [
      new ConnectError('AUTH_FAILED', { address: 'a', problem: 'p', retryable: false }),
      true,
      'CONNECTION_DOWN',
    ],
    [new PoolError('POOL_TIMEOUT', { ...figures, inUse: 0, connecting: 1 }), false, 'CONNECTION_DOWN'],
    [new PoolError('POOL_TIMEOUT', figures), false, 'POOL_TIMEOUT'],
    [new ClosedError('client', written), false, 'SHUTDOWN'],
    [new TimeoutError('GET', { ...written, timeoutMs: 5 }), false, 'TIMEOUT'],
    [
      new TimeoutError('GET', { maybeExecuted: false, phase: 'queued', timeoutMs: 5, diagnosis }),
      false,
      'CONNECTION_DOWN',
    ],
    [
      new TimeoutError('GET', { maybeExecuted: false, phase: 'connecting', timeoutMs: 5 }),
      false,
      'CONNECTION_DOWN',
    ],
    [new AbortError('GET', written), false, 'ABORTED'],
    [new AbortError('GET', { ...written, cause: new RedisClientShutdown() }), false, 'SHUTDOWN'],
    [new AbortError('GET', { ...written, cause: new RedisConnectionDown('x') }), false, 'CONNECTION_DOWN'],
    [new RedisConnectionDown('x'), true, 'CONNECTION_DOWN'],
  ])('%s (locked: %j) is %s', (error, locked, code) => {
    expect(translateError(error, locked)).toMatchObject({
      code,
      maybeExecuted: (error as { maybeExecuted: boolean }).maybeExecuted,
    });
  });

  it('what is no error stays what it is', () => {
    expect(translateError('reason')).toBe('reason');
    const own = new RangeError('x');
    expect(translateError(own)).toBe(own);
  });
});
