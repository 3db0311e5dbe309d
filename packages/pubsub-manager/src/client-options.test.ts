import { describe, expect, it } from 'vitest';
import { ClientOptions } from './client-options.js';

const of = (options: ClientOptions) => options.applyTo({ host: 'h', tls: true });

describe('ClientOptions', () => {
  it('become those of a RedisClient', () => {
    const options = ClientOptions.builder()
      .requestQueueSize(5)
      .timeoutOptions({ fixedTimeoutMs: 10 })
      .socketOptions({ connectTimeoutMs: 1, keepAliveMs: 0, tcpNoDelay: false })
      .sslOptions({ servername: 's' })
      .reconnectDelay({ minDelayMs: 1 })
      .protocolVersion(2)
      .bufferUsageRatio(3)
      .pingBeforeActivateConnection(false)
      .build();
    expect(of(options)).toEqual({
      host: 'h',
      tls: { servername: 's' },
      limits: { commands: 5 },
      timeoutMs: 10,
      connectTimeoutMs: 1,
      keepAliveMs: 0,
      noDelay: false,
      reconnect: { minDelayMs: 1 },
      protocol: 2,
    });
    expect(of(ClientOptions.create())).toEqual({ host: 'h', tls: true });
    expect(options.pingBeforeActivateConnection).toBe(false);
  });

  it.each([
    [{}, undefined],
    [{ autoReconnect: false }, false],
    [{ autoReconnect: false, disconnectedBehavior: 'ACCEPT_COMMANDS' }, true],
    [{ disconnectedBehavior: 'REJECT_COMMANDS' }, false],
    [{ disconnectedBehavior: 'DEFAULT' }, true],
  ] as const)('%o: commands wait without a connection: %s', (fields, offlineQueue) => {
    expect(of(new ClientOptions(fields)).offlineQueue).toBe(offlineQueue);
  });

  it('go over defaults, and are changed by a builder only', () => {
    const defaults = new ClientOptions({ timeoutMs: 1, requestQueueSize: 2 });
    const own = ClientOptions.from({ timeoutMs: 3, requestQueueSize: undefined });
    expect(own.over(defaults).fields).toEqual({ timeoutMs: 3, requestQueueSize: 2 });
    expect(defaults.mutate().autoReconnect(false).build().fields).toEqual({
      ...defaults.fields,
      autoReconnect: false,
    });
    expect(ClientOptions.from(defaults)).toBe(defaults);
  });

  it.each([
    [{ queueSize: 1 }, 'queueSize'],
    [{ requestQueueSize: 0 }, 'requestQueueSize'],
    [{ bufferUsageRatio: 0 }, 'bufferUsageRatio'],
    [{ autoReconnect: 1 }, 'autoReconnect'],
    [{ disconnectedBehavior: 'WAIT' }, 'disconnectedBehavior'],
    [{ protocolVersion: 4 }, 'protocolVersion'],
    [null, 'clientOptions'],
  ])('refuse %o', (fields, option) => {
    expect(() => new ClientOptions(fields as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
