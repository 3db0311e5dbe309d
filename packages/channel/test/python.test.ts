import { RedisChannel } from '@redlane/channel';
import { json } from '@redlane/client/codec';
import { describe, expect, it } from 'vitest';
import { findPython, PythonPeer } from './support/python.js';
import { testServer } from './support/test-server.js';

const found = await findPython();
const missing = 'missing' in found ? found.missing : undefined;
const python = 'python' in found ? found.python : '';
const server = await testServer();

const VALUES = [
  null,
  true,
  false,
  0,
  -1.5,
  1e300,
  9_007_199_254_740_991,
  '',
  'é✗😀 \u0000\n"\\/',
  [],
  {},
  [null, 0, '', false],
  { ключ: { nested: [1, { deep: null }] } },
];

async function peerOf(...args: readonly unknown[]): Promise<PythonPeer> {
  const peer = new PythonPeer(python);
  await peer.call('open', server.port, ...args);
  return peer;
}

// Named so that a report says why it did not run.
describe.skipIf(missing !== undefined)(`with Python${missing === undefined ? '' : ` (${missing})`}`, () => {
  it.each([
    ['a name', '/python/names', '/python/names'],
    ['parts', ['python', 'части'], '/python/части'],
  ])('values go both ways, over %s', async (_, name, channel) => {
    await using ours = new RedisChannel(server.port, name, 'client');
    await using theirs = await peerOf(name, 'server');
    expect(ours.channel).toBe(channel);
    for (const value of VALUES) {
      await ours.sendMsg(value);
      expect(await theirs.call('recv')).toEqual(value);
      await theirs.call('send', value);
      expect(await ours.recvMsg()).toEqual(value);
    }
    expect(await theirs.call('recv')).toBeNull();
    expect(await ours.recvMsg()).toBeUndefined();
  });

  it('a wait on one side ends with a send on the other', async () => {
    await using ours = new RedisChannel(server.port, '/python/wait', 'server');
    await using theirs = await peerOf('/python/wait', 'client');
    const here = ours.brecvMsg({ timeoutMs: 20_000 });
    await theirs.call('send', 'ping');
    expect(await here).toBe('ping');
    const there = theirs.call('brecv', 20);
    await ours.sendMsg('pong');
    expect(await there).toBe('pong');
  });

  it('both see the oldest and the newest, take the last, and list the same channels', async () => {
    await using ours = new RedisChannel(server.port, '/python/last', 'client');
    await using theirs = await peerOf('/python/last', 'server');
    await ours.sendMsgs([1, 2, 0]);
    for (const value of [3, 4, 0]) await theirs.call('send', value);
    expect([await theirs.call('peek'), await theirs.call('rpeek')]).toEqual([1, 0]);
    expect([await ours.peekMsg(), await ours.rpeekMsg()]).toEqual([3, 0]);
    await using reliable = new RedisChannel(server.port, '/python/last', 'client', { reliable: true });
    const [held] = await reliable.recvMsgs(1);
    await held?.nack({ requeue: false });
    expect(await theirs.call('list_channels', '/')).toEqual(['/python/last']);
    expect(await ours.listChannel('/')).toEqual(['/python/last']);
    expect(await theirs.call('recv_last')).toBe(0);
    expect(await ours.recvLastMsg()).toBe(0);
    expect(await ours.listChannel('/')).toEqual([]);
  });

  it('expiry that one side has set holds for the other', async () => {
    await using ours = new RedisChannel(server.port, '/python/expiry', 'client', 50);
    await using theirs = await peerOf('/python/expiry', 'client', 100);
    await ours.sendMsg(1);
    expect(Number(await server.command('TTL', '/python/expiry/client'))).toBeGreaterThan(45);
    await theirs.call('send', 2);
    expect(Number(await server.command('TTL', '/python/expiry/client'))).toBeGreaterThan(90);
    await using s = new RedisChannel(server.port, '/python/expiry', 'server');
    expect(await s.recvMsgs(9)).toEqual([1, 2]);
  });

  it('numbers that only Python writes are read when asked, and written so that it reads them', async () => {
    const codec = json<unknown>({ python: true });
    await using ours = new RedisChannel(server.port, '/python/numbers', 'server', { codec });
    await using theirs = await peerOf('/python/numbers', 'client');
    await theirs.call('send_python_numbers');
    expect(await ours.recvMsg()).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 2n ** 70n, 1]);
    await ours.sendMsg([Number.NaN, Number.NEGATIVE_INFINITY, 2n ** 64n + 1n]);
    expect(await theirs.call('recv_repr')).toBe('[nan, -inf, 18446744073709551617]');
  });

  it('Python sends to a reliable receiver without knowing', async () => {
    await using ours = new RedisChannel(server.port, '/python/reliable', 'server', { reliable: true });
    await using theirs = await peerOf('/python/reliable', 'client');
    const waiting = ours.brecvMsg({ timeoutMs: 20_000 });
    await theirs.call('send', { id: 1 });
    const delivery = await waiting;
    expect(delivery?.data).toEqual({ id: 1 });
    expect(await delivery?.ack()).toBe(true);
  });
});
