import { RedisError } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import {
  AbortError,
  ClosedError,
  CommandRefusedError,
  ConnectError,
  ConnectionLostError,
  PoolError,
  QueueFullError,
  ReplyError,
  TimeoutError,
} from './errors.js';

describe('messages', () => {
  it('says what became of a command when its connection was lost', () => {
    const cause = new Error('read ECONNRESET');
    const error = new ConnectionLostError({ command: 'INCR', maybeExecuted: true, phase: 'written', cause });
    expect(error.message).toBe(
      'the connection was lost while INCR was waiting for its reply: read ECONNRESET; the server may have executed it',
    );
    expect(error).toMatchObject({ code: 'CONNECTION_LOST', maybeExecuted: true, phase: 'written', cause });
  });

  it('explains a timeout by what the client knew', () => {
    const diagnosis = { state: 'ready', queued: 3, inFlight: 40, lastReadMsAgo: 5003.4, p99Ms: 1.26 };
    const error = new TimeoutError('GET', {
      maybeExecuted: false,
      phase: 'queued',
      timeoutMs: 5000,
      diagnosis,
    });
    expect(error.message).toBe(
      'GET took longer than 5000 ms while waiting to be written (ready, 3 queued, 40 in flight, last read 5003 ms ago, ' +
        'p99 1.3 ms); the server has not executed it',
    );
    expect(error.diagnosis).toBe(diagnosis);
  });

  it('leaves out of a timeout what is not known', () => {
    const diagnosis = { state: 'ready', queued: 0, inFlight: 1, lastReadMsAgo: undefined, p99Ms: undefined };
    const error = new TimeoutError('GET', { maybeExecuted: true, phase: 'written', timeoutMs: 1, diagnosis });
    expect(error.message).toContain('(ready, 0 queued, 1 in flight, nothing read yet)');
    const bare = new TimeoutError('waiting', { maybeExecuted: false, phase: 'connecting', timeoutMs: 1 });
    expect(bare.message).toBe('waiting took longer than 1 ms while waiting for a connection');
  });

  it('names the limit that is reached and the way out', () => {
    const error = new QueueFullError('bytes', 1024);
    expect(error.message).toMatch(/limit of 1024 bytes.*limits\.bytes.*limits\.policy/);
    expect(error).toMatchObject({ limit: 'bytes', size: 1024, maybeExecuted: false, phase: 'queued' });
  });

  it('names what to use instead of a refused command', () => {
    const error = new CommandRefusedError('SELECT', { reason: 'it is shared', instead: 'use db' });
    expect(error.message).toBe('SELECT was not sent: it is shared; use db');
    expect(error).toMatchObject({ command: 'SELECT', phase: 'refused', maybeExecuted: false });
  });

  it('gives the figures of a pool that has nothing to give', () => {
    const figures = { size: 2, inUse: 2, connecting: 0, waiting: 1, longestHeldMs: 812.6 };
    const error = new PoolError('POOL_TIMEOUT', { ...figures, timeoutMs: 50, holderStack: 'at f' });
    expect(error.message).toContain(
      'within 50 ms (2 of 2 in use, the longest held for 813 ms, 0 connecting, 1 waiting)',
    );
    expect(error).toMatchObject({ ...figures, holderStack: 'at f' });
    expect(new PoolError('POOL_CLOSED', figures).holderStack).toBeUndefined();
  });

  it('says of a closed client what became of the command', () => {
    expect(new ClosedError().message).toBe('the client is closed; open a new one');
    const late = new ClosedError('connection', { maybeExecuted: true, phase: 'written' });
    expect(late.message).toBe('the connection is closed; open a new one; the server may have executed it');
  });
});

describe('family', () => {
  const delivery = { maybeExecuted: true, phase: 'written' } as const;
  const endpoint = { host: '::1', port: 6379, path: undefined };
  const errors = [
    new ConnectionLostError(delivery),
    new TimeoutError('GET', { ...delivery, timeoutMs: 1 }),
    new AbortError('GET', delivery),
    new QueueFullError('commands', 1),
    new ClosedError(),
    new CommandRefusedError('MONITOR', { reason: 'r', instead: 'i' }),
    ConnectError.abandoned(endpoint, undefined),
    new PoolError('POOL_CLOSED', { size: 1, inUse: 0, connecting: 0, waiting: 0, longestHeldMs: undefined }),
    new ReplyError(new RedisError('WRONGTYPE x'), 'GET'),
  ];

  it.each(errors)('$name has a code, a phase and a verdict', (error) => {
    expect(error.name).toBe(error.constructor.name);
    expect(error.code).toMatch(/^[A-Z_]+$/);
    expect(error.maybeExecuted).toBeTypeOf('boolean');
    expect(['queued', 'written', 'refused', 'connecting']).toContain(error.phase);
  });

  it('has no cause where there is none', () => {
    expect(new ConnectionLostError(delivery)).not.toHaveProperty('cause');
  });

  it('keeps the reason of an abort', () => {
    const reason = new Error('changed my mind');
    expect(new AbortError('GET', { ...delivery, cause: reason })).toMatchObject({
      name: 'AbortError',
      cause: reason,
    });
  });

  it('says that nothing was sent when there was no connection', () => {
    const error = new AbortError('GET', { maybeExecuted: false, phase: 'connecting' });
    expect(error.message).toBe('GET was aborted while waiting for a connection; nothing was sent');
  });

  it('tells a deadline from another end of an attempt to connect', () => {
    const late = ConnectError.abandoned(endpoint, new DOMException('late', 'TimeoutError'));
    expect(late).toMatchObject({ code: 'CONNECT_TIMEOUT', retryable: true, address: '[::1]:6379' });
    expect(ConnectError.abandoned(endpoint, new ClosedError()).code).toBe('CONNECT_FAILED');
  });
});

describe('ReplyError', () => {
  it("keeps the server's code and message, and the command's name", () => {
    const error = new ReplyError(new RedisError('WRONGTYPE Operation against a key'), 'LPUSH');
    expect(error).toMatchObject({
      code: 'WRONGTYPE',
      message: 'WRONGTYPE Operation against a key',
      command: 'LPUSH',
    });
    expect(error).toBeInstanceOf(RedisError);
    expect(error.advice).toBeUndefined();
  });

  it.each(['MOVED 3999 127.0.0.1:6381', 'ASK 3999 127.0.0.1:6381'])('says what to do about %s', (message) => {
    const error = new ReplyError(new RedisError(message), 'GET');
    expect(error.advice).toContain('@redlane/client/ioredis');
    expect(error).toMatchObject({ maybeExecuted: false, phase: 'refused' });
  });
});
