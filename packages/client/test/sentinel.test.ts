import {
  type RedisServer,
  type SentinelGroup,
  startFaultProxy,
  startSentinel,
  startServer,
} from '@redlane/redis-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientOptions, type ConnectError, RedisClient, type ServerAddress } from '../src/index.js';
import { FakeSentinel } from './support/fake-sentinel.js';
import { FakeServer } from './support/fake-server.js';

let group: SentinelGroup;
/** The sentinels' addresses. */
let real: ServerAddress[];
let replica: RedisServer;

beforeAll(async () => {
  group = await startSentinel();
  real = group.sentinels.map(addressOf);
  replica = group.replicas[0] as RedisServer;
});
afterAll(() => group?.stop());

function addressOf({ host, port }: ServerAddress): ServerAddress {
  return { host, port };
}

function clientOf(options: ClientOptions): RedisClient {
  return new RedisClient({ reconnect: { minDelayMs: 1, maxDelayMs: 20 }, ...options });
}

/** Why the first attempt to connect has failed. */
async function failureOf(client: RedisClient): Promise<ConnectError> {
  client.connect().catch(() => undefined);
  const { cause } = await client.status.until('down');
  return cause as ConnectError;
}

function causesOf({ cause }: ConnectError): string[] {
  return (cause as AggregateError).errors.map(({ message }: Error) => message);
}

describe('sentinels', () => {
  it('lead to the master, shared connection and pooled ones', async () => {
    await using client = clientOf({ sentinels: real });
    await client.call('SET', 'written', '1');
    expect(client.port).toBe(group.master.port);
    expect(await group.master.command('GET', 'written')).toBe('1');
    const role = await client.withConnection((session) => session.call<unknown[]>('ROLE'));
    expect(role[0]).toBe('master');
    expect(await client.call('BLPOP', 'none', 0.01)).toBe(null);
  });

  it('may stand in a URL', async () => {
    const hosts = real.map(({ host, port }) => `${host}:${port}`).join(',');
    await using client = new RedisClient(`redis+sentinel://${hosts}/mymaster/1`);
    await client.call('SET', 'in', 'db 1');
    expect(client.port).toBe(group.master.port);
    expect(await group.master.command('DBSIZE')).not.toBe('0');
  });

  it('are asked in order, the one that answered last first', async () => {
    await using down = await startFaultProxy({ target: group.sentinels[0] as RedisServer });
    await using up = await startFaultProxy({ target: group.sentinels[1] as RedisServer });
    await down.refuse('CLOSED');
    await using client = clientOf({ sentinels: [addressOf(down), addressOf(up)] });
    await client.connect();
    await down.accept();
    await Promise.all([
      client.withConnection((session) => session.call('PING')),
      client.withConnection((session) => session.call('PING')),
    ]);
    expect(up.commands({ name: 'SENTINEL' }).length).toBeGreaterThan(0);
    expect(down.commands()).toEqual([]);
  });

  it('are learned from one of them', async () => {
    await using known = await startFaultProxy({ target: group.sentinels[0] as RedisServer });
    await using client = clientOf({ sentinels: [addressOf(known)] });
    await client.connect();
    await known.close();
    await client.withConnection((session) => session.call('PING'));
  });

  it('that hang are passed over after sentinelTimeoutMs', async () => {
    await using hanging = await startFaultProxy({ target: group.sentinels[0] as RedisServer });
    hanging.set({ stalled: true }, 'toClient');
    await using client = clientOf({
      sentinels: [addressOf(hanging), ...real.slice(1)],
      sentinelTimeoutMs: 50,
    });
    expect(await client.call('PING')).toBe('PONG');
    expect(hanging.commands().length).toBeGreaterThan(0);
  });

  it('that are all down are each named in the error; the client goes on trying', async () => {
    await using first = await startFaultProxy({ target: group.sentinels[0] as RedisServer });
    await using second = await startFaultProxy({ target: group.sentinels[1] as RedisServer });
    await Promise.all([first.refuse('CLOSED'), second.refuse('CLOSED')]);
    await using client = clientOf({ sentinels: [addressOf(first), addressOf(second)] });
    const error = await failureOf(client);
    expect(error).toMatchObject({
      code: 'CONNECT_FAILED',
      address: 'the master "mymaster"',
      retryable: true,
    });
    expect(error.message).toContain('cannot connect to the master "mymaster": no sentinel led to it; ');
    const expected = [first, second].map(({ port }) =>
      expect.stringMatching(`^cannot connect to sentinel 127.0.0.1:${port}: .*ECONNREFUSED`),
    );
    expect(causesOf(error)).toEqual(expected);
    await second.accept();
    expect(await client.call('PING')).toBe('PONG');
  });

  it('that hang for ever end a connect at its deadline, with what they did as the cause', async () => {
    await using hanging = await startFaultProxy({ target: group.sentinels[0] as RedisServer });
    hanging.set({ stalled: true }, 'toClient');
    await using client = clientOf({
      sentinels: [addressOf(hanging)],
      sentinelTimeoutMs: 0,
      connectTimeoutMs: 50,
    });
    const error = await failureOf(client);
    expect(error).toMatchObject({
      code: 'CONNECT_TIMEOUT',
      message: 'cannot connect to the master "mymaster": it took longer than 50 ms',
    });
    expect(causesOf(error.cause as ConnectError)).toEqual([
      `cannot connect to sentinel 127.0.0.1:${hanging.port}: it had not answered when the attempt ended`,
    ]);
  });

  it('that do not know the name say so', async () => {
    await using client = clientOf({ sentinels: real, name: 'other' });
    const error = await failureOf(client);
    expect(error.retryable).toBe(false);
    expect(causesOf(error)).toEqual(
      real.map(
        ({ port }) =>
          `cannot connect to sentinel 127.0.0.1:${port}: it knows no master named "other"; check name`,
      ),
    );
  });

  it('are not the servers themselves', async () => {
    await using client = clientOf({ sentinels: [addressOf(group.master)] });
    const error = await failureOf(client);
    expect(error.message).toContain('it is no sentinel; check sentinels');
  });

  it.each([3, 2] as const)('that name a replica are passed over, in RESP%i', async (protocol) => {
    await using liar = await FakeSentinel.start(addressOf(replica));
    await using client = clientOf({ sentinels: [liar.address, ...real], protocol });
    await client.call('SET', 'truth', '1');
    expect(client.port).toBe(group.master.port);
    expect(liar.questions).toBe(1);
    await using misled = clientOf({ sentinels: [liar.address], protocol });
    expect(causesOf(await failureOf(misled))).toEqual([
      `cannot connect to 127.0.0.1:${replica.port}: it says that it is a replica, and a master is wanted`,
    ]);
  });

  it('that name a master which is gone are passed over, each address being tried once', async () => {
    await using gone = await startFaultProxy({ target: group.master });
    await gone.refuse('CLOSED');
    await using first = await FakeSentinel.start(addressOf(gone));
    await using second = await FakeSentinel.start(addressOf(gone));
    await using client = clientOf({ sentinels: [first.address, second.address] });
    expect(causesOf(await failureOf(client))).toEqual([
      expect.stringMatching(`^cannot connect to 127.0.0.1:${gone.port}: .*ECONNREFUSED`),
      `cannot connect to sentinel 127.0.0.1:${second.address.port}: it knows nothing else than the others`,
    ]);
    second.master = addressOf(group.master);
    expect(await client.call('PING')).toBe('PONG');
  });

  it('are asked once for connections that are opened at the same time', async () => {
    await using sentinel = await FakeSentinel.start(addressOf(group.master));
    await using client = clientOf({ sentinels: [sentinel.address] });
    const use = () => client.withConnection((session) => session.call('PING'));
    await Promise.all(Array.from({ length: 20 }, use));
    expect(client.connectionPool.metrics().created).toBe(20);
    expect(sentinel.questions).toBe(1);
  });

  it('are left alone when the client ends in the middle of a question', async () => {
    await using mute = await FakeServer.start(() => '');
    const client = clientOf({ sentinels: [addressOf(mute)], sentinelTimeoutMs: 0 });
    const call = client.call('PING');
    call.catch(() => undefined);
    await expect.poll(() => mute.commands.length).toBeGreaterThan(0);
    client.destroy();
    await expect(call).rejects.toMatchObject({ code: 'CLOSED', maybeExecuted: false });
    await expect.poll(() => mute.open).toBe(0);
  });

  it('with a login of their own get that one, and the server gets its own', async () => {
    const { host, port } = group.master;
    await using locked = await startServer({
      mode: 'sentinel',
      password: 'sesame',
      config: [`sentinel monitor locked ${host} ${port} 1`],
    });
    const sentinels = [addressOf(locked)];
    await using client = clientOf({ sentinels, name: 'locked', sentinelPassword: 'sesame' });
    expect(await client.call('PING')).toBe('PONG');
    await using stranger = clientOf({ sentinels, name: 'locked', password: 'sesame' });
    const error = await failureOf(stranger);
    expect(error.code).toBe('AUTH_FAILED');
    expect(error.message).toContain('sentinelUsername and sentinelPassword');
    expect(error.message).not.toContain('sesame');
  });
});

describe('mapAddress', () => {
  it('gives the addresses to dial, of the server and of discovered sentinels', async () => {
    await using proxy = await startFaultProxy({ target: group.master });
    const told: ServerAddress[] = [];
    await using client = clientOf({
      sentinels: real.slice(0, 1),
      mapAddress: (address) => {
        told.push(address);
        return address.port === group.master.port ? addressOf(proxy) : address;
      },
    });
    await client.call('SET', 'by', 'proxy');
    expect(proxy.commands({ name: 'SET' })).toHaveLength(1);
    expect(told).toEqual(expect.arrayContaining([addressOf(group.master), ...real.slice(1)]));
  });

  it.each([
    [() => ({ host: 'h' }), 'mapAddress must give { host, port } for it'],
    [() => expect.fail('thrown'), 'mapAddress failed for it'],
  ])('that fails is a failed connect', async (mapAddress, problem) => {
    await using client = clientOf({ sentinels: real.slice(0, 1), mapAddress: mapAddress as never });
    const [cause] = causesOf(await failureOf(client));
    expect(cause).toBe(`cannot connect to 127.0.0.1:${group.master.port}: ${problem}`);
  });
});

describe("role: 'replica'", () => {
  it.each([3, 2] as const)(
    'leads to a replica, which refuses writes at once, in RESP%i',
    async (protocol) => {
      await group.master.command('SET', 'read', 'me');
      await using client = clientOf({ sentinels: real, role: 'replica', protocol });
      await expect.poll(() => client.call('GET', 'read')).toBe('me');
      expect(client.port).toBe(replica.port);
      await expect(client.call('SET', 'read', 'only')).rejects.toMatchObject({
        code: 'READONLY',
        maybeExecuted: false,
      });
      expect(client.metrics().lost).toBe(0);
    },
  );

  it('spreads connections over the replicas that are up', async () => {
    const answer = ([name]: readonly string[]) => (name === 'ROLE' ? '*1\r\n$5\r\nslave\r\n' : undefined);
    await using first = await FakeServer.start(answer);
    await using second = await FakeServer.start(answer);
    await using sentinel = await FakeSentinel.start(undefined);
    sentinel.replicas = [addressOf(first), addressOf(second)];
    await using client = clientOf({ sentinels: [sentinel.address], role: 'replica' });
    await Promise.all(
      Array.from({ length: 40 }, () => client.withConnection((session) => session.call('PING'))),
    );
    expect(first.connections).toBeGreaterThan(0);
    expect(second.connections).toBeGreaterThan(0);
  });

  it('is not given when the server is the master', async () => {
    const mapAddress = (address: ServerAddress): ServerAddress =>
      address.port === replica.port ? addressOf(group.master) : address;
    await using client = clientOf({ sentinels: real.slice(0, 1), role: 'replica', mapAddress });
    const error = await failureOf(client);
    expect(error.message).toContain('cannot connect to a replica of "mymaster"');
    expect(causesOf(error)[0]).toContain('it says that it is a master, and a replica is wanted');
  });
});

it('a client that ends closes the connection over which it listens to a sentinel', async () => {
  await using sentinel = await FakeSentinel.start(addressOf(group.master));
  const client = clientOf({ sentinels: [sentinel.address] });
  await client.connect();
  await expect.poll(() => sentinel.listeners).toBe(1);
  await client.close();
  await expect.poll(() => sentinel.connections).toBe(0);
});
