import { RedisError, type RespValue } from '@redlane/resp3-core';
import { describe, expect, it } from 'vitest';
import type { ConnectError } from '../errors.js';
import { masterOf, othersOf, replicasOf } from './sentinel-replies.js';

function thrown(read: () => unknown): ConnectError {
  try {
    read();
  } catch (error) {
    return error as ConnectError;
  }
  throw new Error('was accepted');
}

const server = (fields: Record<string, string>): RespValue => new Map(Object.entries(fields));
const flat = (fields: Record<string, string>): RespValue => Object.entries(fields).flat();
const good = { ip: '10.0.0.1', port: '1', flags: 'slave', 'master-link-status': 'ok' };

describe('the master', () => {
  it('is a host and a port', () => {
    expect(masterOf(['h', '1'], 'main', 'S')).toEqual({ host: 'h', port: 1 });
  });

  it.each([
    [null, 'S: it knows no master named "main"; check name', false],
    [
      new RedisError('ERR No such master with that name'),
      'S: it knows no master named "main"; check name',
      false,
    ],
    [new RedisError("ERR unknown command 'SENTINEL'"), 'S: it is no sentinel; check sentinels', false],
    [new RedisError('NOPERM no'), 'S: NOPERM no', true],
    [['h'], 'S: it does not answer as a sentinel does; check sentinels', false],
    [['', '1'], 'S: it does not answer as a sentinel does; check sentinels', false],
    [['h', 'x'], 'S: it does not answer as a sentinel does; check sentinels', false],
    ['OK', 'S: it does not answer as a sentinel does; check sentinels', false],
    [undefined, 'S: it does not answer as a sentinel does; check sentinels', false],
  ])('is not %j', (reply, message, retryable) => {
    expect(thrown(() => masterOf(reply, 'main', 'S'))).toMatchObject({
      code: 'CONNECT_FAILED',
      message: `cannot connect to ${message}`,
      retryable,
    });
  });
});

describe('replicas', () => {
  it('are those that are up and have a master, whatever the shape', () => {
    const replies = [
      server(good),
      flat({ ...good, ip: '10.0.0.2' }),
      server({ ...good, ip: '10.0.0.3', flags: 's_down,slave' }),
      server({ ...good, ip: '10.0.0.4', flags: 'slave,disconnected' }),
      server({ ...good, ip: '10.0.0.5', 'master-link-status': 'err' }),
      server({ flags: 'slave', 'master-link-status': 'ok' }),
      'nonsense',
      null,
    ];
    expect(replicasOf(replies, 'main', 'S')).toEqual([
      { host: '10.0.0.1', port: 1 },
      { host: '10.0.0.2', port: 1 },
    ]);
  });

  it('are missing when there are none that can be used', () => {
    const error = thrown(() => replicasOf([server({ ...good, flags: 'slave,o_down' })], 'main', 'S'));
    expect(error.message).toContain('it knows no replica of "main" that is up and in sync');
    expect(error.retryable).toBe(true);
    expect(
      thrown(() => replicasOf(new RedisError('ERR No such master with that name'), 'main', 'S')).message,
    ).toContain('check name');
  });
});

it('other sentinels are those that are up; anything else means that there are none', () => {
  const up = { ip: 's', port: '2', flags: 'sentinel' };
  expect(othersOf([server(up), server({ ...up, flags: 'sentinel,s_down' })])).toEqual([
    { host: 's', port: 2 },
  ]);
  expect(othersOf(new RedisError('ERR no'))).toEqual([]);
  expect(othersOf(undefined)).toEqual([]);
});
