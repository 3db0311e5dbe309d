import { startFaultProxy } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import { type Connection, routeOf } from '../src/index.js';
import { clientOf, testServer } from './support/test-server.js';

const server = await testServer();
const reconnect = { minDelayMs: 1, maxDelayMs: 10 };

it('a pinned view never goes over to the next connection', async () => {
  await using proxy = await startFaultProxy({ target: server });
  await using client = clientOf(proxy, { reconnect });
  expect(client.connection).toBeUndefined();
  await client.connect();
  const first = client.connection as Connection;
  const pinned = client.pinnedTo(first);
  expect(await pinned.call('INCR', 'n')).toBe(1);

  // Not written when the connection is lost: anywhere else it would be sent on the next one.
  const unsent = pinned.call('INCR', 'n');
  const free = client.call('INCR', 'free');
  first.destroy(new Error('cut'));
  await expect(unsent).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    maybeExecuted: false,
    phase: 'queued',
  });
  expect(await free).toBe(1);

  expect(client.connection).not.toBe(first);
  await expect(pinned.call('GET', 'n')).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    maybeExecuted: false,
  });
  await expect(pinned.pipeline([['GET', 'n']])).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  expect(await client.call('GET', 'n')).toBe('1');
});

it('a pinned view of a lost connection fails at once while there is no other', async () => {
  await using proxy = await startFaultProxy({ target: server });
  await using client = clientOf(proxy, { reconnect, timeoutMs: 0 });
  await client.connect();
  const pinned = client.pinnedTo(client.connection as Connection);
  await proxy.refuse('CLOSED');
  proxy.cut('RST');
  await client.status.until('down');
  await expect(pinned.call('GET', 'n')).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});

it('the table of routes says what is special about a command', () => {
  expect(routeOf(['GET', 'a'])?.readOnly).toBe(true);
  expect(routeOf(['SET', 'a', '1'])).toBeUndefined();
  expect(routeOf(['multi'])?.refusal).toMatchObject({ exclusive: true });
  expect(
    routeOf(['XREAD', 'BLOCK', '5', 'STREAMS', 's', '$'])?.blockingTimeoutMs(['XREAD', 'BLOCK', 5]),
  ).toBe(5);
});
