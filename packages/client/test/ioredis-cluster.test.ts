import { type FaultProxy, startCluster, startFaultProxy } from '@redlane/redis-server';
import { Cluster } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DriverBatch, Gap, RedisDriver } from '../src/index.js';
import { type IoredisDriverOptions, ioredisDriver } from '../src/ioredis/index.js';
import { migrate, othersOf, ownerOf } from './support/cluster-slots.js';

const cluster = await startCluster({ nodeTimeoutMs: 1_000 });
const made: (() => unknown)[] = [];
const nodes = cluster.nodes.map(({ host, port }) => ({ host, port }));
/** Every test has a slot of its own, which may be moved. */
let round = 0;
const key = (name: string): string => `{${round}}:${name}`;

afterAll(() => cluster.stop());
beforeEach(() => {
  round++;
});
afterEach(async () => {
  for (const end of made.splice(0)) await end();
  for (const node of cluster.nodes) await node.command('FLUSHALL');
});

function connect(options: IoredisDriverOptions = {}): RedisDriver {
  const instance = new Cluster(nodes, { lazyConnect: true });
  const driver = ioredisDriver(instance, options);
  made.push(
    () => driver.close(),
    () => instance.disconnect(),
  );
  return driver;
}

describe('a cluster none of whose nodes can be reached', () => {
  const late = { code: 'TIMEOUT', maybeExecuted: false, phase: 'connecting', cause: expect.any(Error) };

  function unreachable(options: IoredisDriverOptions = {}): RedisDriver {
    const instance = new Cluster([{ host: '127.0.0.1', port: 1 }], { lazyConnect: true });
    instance.on('error', () => undefined);
    const driver = ioredisDriver(instance, options);
    made.push(
      () => driver.close(),
      () => instance.disconnect(),
    );
    return driver;
  }

  it('is no reason to wait for ever, and every error says why', async () => {
    const driver = unreachable({ timeoutMs: 50 });
    await new Promise((resolve) => driver.on('down', resolve));
    const outcomes = await Promise.allSettled([
      driver.send(['GET', 'a']),
      driver.subscribe({ channel: 'c' }, () => undefined),
      driver.subscribe({ shard: 's' }, () => undefined),
      driver.scan()[Symbol.asyncIterator]().next(),
    ]);
    for (const [index, outcome] of outcomes.entries()) {
      const expected = index === 0 ? { ...late, phase: 'queued' } : late;
      expect(outcome).toMatchObject({ status: 'rejected', reason: expected });
    }
  });

  it('does not keep a signal from ending a scan', async () => {
    const driver = unreachable({ timeoutMs: 0 });
    const leaving = new AbortController();
    const next = driver.scan({ signal: leaving.signal })[Symbol.asyncIterator]().next();
    leaving.abort(new Error('enough'));
    await expect(next).rejects.toMatchObject({ code: 'ABORTED', cause: { message: 'enough' } });
  });
});

const repliesOf = (batch: DriverBatch): unknown => (batch.aborted ? 'aborted' : batch.replies);

describe.each([
  { name: 'ioredis 6', make: () => new Cluster(nodes, { lazyConnect: true }) },
  { name: 'ioredis 6, resp3', make: () => new Cluster(nodes, { redisOptions: { replyMapping: 'resp3' } }) },
  { name: 'ioredis 5', make: () => new Cluster5(nodes, { lazyConnect: true }) },
  {
    name: 'ioredis 5, numbers as text',
    make: () => new Cluster5(nodes, { redisOptions: { stringNumbers: true } }),
  },
])('a cluster of $name', ({ make }) => {
  it('is asked node by node, and left alone', async () => {
    const instance = make();
    instance.on('error', () => undefined);
    const { status } = instance;
    const driver = ioredisDriver(instance);
    made.push(
      () => driver.close(),
      () => instance.disconnect(),
    );
    const names = Array.from({ length: 50 }, (_, index) => `name:${index}`);
    const commands = names.flatMap((name) => [
      ['SET', name, name],
      ['PING'],
      ['GET', name],
      ['LPUSH', name, 'x'],
    ]);
    const replies = repliesOf(await driver.batch(commands)) as unknown[];
    for (const [index, name] of names.entries()) {
      expect(replies.slice(index * 4, index * 4 + 3)).toEqual(['OK', 'PONG', name]);
      expect(replies[index * 4 + 3]).toMatchObject({ code: 'WRONGTYPE' });
    }
    const sizes = await Promise.all(cluster.nodes.map((node) => node.command('DBSIZE')));
    expect(Math.min(...sizes.map(Number))).toBeGreaterThan(0);
    expect(await driver.send(['INCRBY', 'n', 9007199254740993n])).toBe(9007199254740993n);
    if (status === 'wait') expect(instance.status).toBe('wait');
    expect(driver.topology).toBe('cluster');
  });
});

it.each([[['MGET', 'a', 'b']], [['EVAL', 'return 1', 2, 'a', 'b']], [['RENAME', 'a', 'b']]])(
  'does not send %j, whose keys are in several slots',
  async (command) => {
    const driver = connect();
    await expect(driver.send(command)).rejects.toMatchObject({
      code: 'CROSSSLOT',
      maybeExecuted: false,
      message: expect.stringContaining('hash tag'),
    });
    await using held = await driver.lease({ key: 'a' });
    await expect(held.send(command)).rejects.toMatchObject({ code: 'CROSSSLOT' });
  },
);

describe('a slot that has moved', () => {
  it('is found, with what was known of scripts and leases', async () => {
    const driver = connect();
    await driver.send(['SET', key('a'), 'x']);
    const script = 'return redis.call("APPEND", KEYS[1], ARGV[1])';
    expect(await driver.run(script, [key('a')], ['y'])).toBe(2);
    await using held = await driver.lease({ key: key('list') });
    const popped = held.send(['BLPOP', key('list'), 0]);

    const { from, to, move, finish } = await migrate(cluster, key('a'));
    await move(key('a'));
    await finish();
    await from.command('SCRIPT', 'FLUSH');
    await to.command('SCRIPT', 'FLUSH');

    expect(await driver.send(['GET', key('a')])).toBe('xy');
    expect(await driver.run(script, [key('a')], ['z'])).toBe(3);
    await driver.send(['RPUSH', key('list'), 'element']);
    expect(await popped).toEqual([key('list'), 'element']);
    expect(await to.command('GET', key('a'))).toBe('xyz');
  });

  it.each([false, true])('is found by batches (atomic: %s)', async (atomic) => {
    const driver = connect();
    await driver.send(['SET', key('a'), 1]);
    const { move, finish } = await migrate(cluster, key('a'));
    await move(key('a'));
    await finish();
    const commands = [
      ['INCR', key('a')],
      ['LPUSH', key('a'), 'x'],
      ['INCR', key('a')],
      ...(atomic ? [] : [['SET', 'elsewhere', 'x']]),
    ];
    const replies = [2, expect.objectContaining({ code: 'WRONGTYPE' }), 3, ...(atomic ? [] : ['OK'])];
    expect(repliesOf(await driver.batch(commands, { atomic }))).toEqual(replies);
  });

  it('is not gone to by a lease that watches something', async () => {
    const driver = connect();
    await using held = await driver.lease({ key: key('a') });
    await held.send(['WATCH', key('a')]);
    const { finish } = await migrate(cluster, key('a'));
    await finish();
    await expect(held.batch([['SET', key('a'), 'x']], { atomic: true })).rejects.toMatchObject({
      code: expect.stringMatching(/EXECABORT|MOVED/),
      maybeExecuted: false,
    });
    expect(await driver.send(['EXISTS', key('a')])).toBe(0);
  });

  it('takes its shard channels along, and a gap is reported', async () => {
    const driver = connect();
    const gaps: Gap[] = [];
    const heard: string[] = [];
    const begun = Date.now();
    const options = { onGap: (gap: Gap) => gaps.push(gap) };
    await driver.subscribe({ shard: key('moved') }, ({ payload }) => heard.push(payload), options);
    // Of the same node, and stays there.
    const stays = await sameNode(key('moved'));
    await driver.subscribe({ shard: stays }, ({ payload }) => heard.push(payload));
    const { finish } = await migrate(cluster, key('moved'));
    await finish();
    await expect.poll(() => gaps.length, { timeout: 5_000 }).toBeGreaterThan(0);
    expect(gaps[0]?.from).toBeGreaterThanOrEqual(begun - 2);
    await driver.send(['SPUBLISH', stays, 'two']);
    // Nodes learn of the move one after the other: there may be another gap, and what is said in it is not heard.
    const publish = async (): Promise<string[]> => {
      await driver.send(['SPUBLISH', key('moved'), 'one']);
      return [...new Set(heard)].sort();
    };
    await expect.poll(publish, { timeout: 5_000 }).toEqual(['one', 'two']);
    // It moves on.
    const before = gaps.length;
    const { finish: back } = await migrate(cluster, key('moved'));
    await back();
    await expect.poll(() => gaps.length, { timeout: 5_000 }).toBeGreaterThan(before);
    // Nodes learn of a move one after the other: there may be more than one gap for it.
    for (const gap of gaps) expect(gap).toMatchObject({ topic: { shard: key('moved') }, reason: 'moved' });
  });
});

describe('a slot that is on its way', () => {
  it('has its keys asked for where they are', async () => {
    const driver = connect();
    await driver.batch([
      ['SET', key('there'), 1],
      ['SET', key('here'), 1],
    ]);
    const { move, finish } = await migrate(cluster, key('a'));
    await move(key('there'));
    expect(await driver.send(['INCR', key('there')])).toBe(2);
    expect(await driver.send(['INCR', key('here')])).toBe(2);
    expect(
      repliesOf(
        await driver.batch([
          ['INCR', key('there')],
          ['INCR', key('here')],
          ['INCR', key('new')],
        ]),
      ),
    ).toEqual([3, 3, 1]);
    expect(
      repliesOf(
        await driver.batch(
          [
            ['INCR', key('there')],
            ['GET', key('there')],
          ],
          { atomic: true },
        ),
      ),
    ).toEqual([4, '4']);
    const half = driver.send(['MGET', key('there'), key('here')]);
    await move(key('here'), key('new'));
    expect(await half).toEqual(['4', '3']);
    await using held = await driver.lease({ key: key('there') });
    expect(await held.send(['INCR', key('there')])).toBe(5);
    await finish();
    expect(await held.send(['INCR', key('there')])).toBe(6);
    expect(await driver.send(['INCR', key('here')])).toBe(4);
  });
});

it('subscribes to plain channels at one node, whatever node they are published at', async () => {
  const driver = connect();
  const heard: string[] = [];
  await driver.subscribe({ channel: key('c') }, ({ payload }) => heard.push(payload));
  await driver.subscribe({ pattern: `${key('')}*` }, ({ payload }) => heard.push(payload));
  for (const node of cluster.nodes) await node.command('PUBLISH', key('c'), 'x');
  await expect.poll(() => heard).toHaveLength(6);
});

it('subscribes at the same node again, where nothing that was heard comes once more, and at another one when that is silent', async () => {
  const gaps: Gap[] = [];
  const driver = connect({ pingIntervalMs: 50, silenceTimeoutMs: 100 });
  await driver.subscribe({ channel: 'steady' }, () => undefined, { onGap: (gap) => gaps.push(gap) });
  const listeningAt = async (): Promise<number> => {
    const counts = await Promise.all(cluster.nodes.map((node) => node.command('PUBSUB', 'NUMSUB', 'steady')));
    return counts.findIndex((reply) => (reply as [string, number])[1] > 0);
  };
  const first = await listeningAt();
  const node = cluster.nodes[first]!;
  for (let cut = 1; cut <= 6; cut++) {
    await node.command('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await expect.poll(() => gaps.length, { timeout: 10_000 }).toBe(cut);
    expect(await listeningAt()).toBe(first);
  }
  node.pause();
  try {
    await expect.poll(() => gaps.length, { timeout: 20_000 }).toBe(7);
  } finally {
    node.resume();
  }
  await expect.poll(listeningAt).not.toBe(first);
});

it('shares the connections of the instance on request', async () => {
  const instance = new Cluster(nodes, { lazyConnect: true });
  const driver = ioredisDriver(instance, { share: true });
  made.push(
    () => driver.close(),
    () => instance.disconnect(),
  );
  for (let index = 0; index < 20; index++) await driver.send(['SET', `name:${index}`, index]);
  expect(await driver.send(['GET', 'name:7'])).toBe('7');
  const owner = await ownerOf(cluster, key('a'));
  const own = instance.nodes('master').find(({ options }) => options.port === owner.port);
  expect(
    await driver.batch([
      ['CLIENT', 'ID'],
      ['EXISTS', key('a')],
    ]),
  ).toEqual({
    aborted: false,
    replies: [await own?.client('ID'), 0],
  });
  const { move, finish } = await migrate(cluster, key('a'));
  await driver.send(['SET', key('a'), 'x']);
  await move(key('a')).catch(() => undefined);
  await finish();
  expect(await driver.send(['GET', key('a')])).toBe('x');
  await driver.close();
  expect(await instance.ping()).toBe('PONG');
});

describe('behind a network that translates addresses', () => {
  const proxied = async (): Promise<{ proxies: FaultProxy[]; driver: RedisDriver }> => {
    const proxies = await Promise.all(cluster.nodes.map((target) => startFaultProxy({ target })));
    const natMap = Object.fromEntries(
      proxies.map(({ host, port }, index) => [`${nodes[index]?.host}:${nodes[index]?.port}`, { host, port }]),
    );
    const instance = new Cluster(
      proxies.map(({ host, port }) => ({ host, port })),
      { natMap, lazyConnect: true },
    );
    const driver = ioredisDriver(instance, {
      timeoutMs: 1_000,
      silenceTimeoutMs: 200,
      pingIntervalMs: 200,
      blockSliceMs: 200,
      blockingGraceMs: 200,
    });
    made.push(
      () => driver.close(),
      () => instance.disconnect(),
      () => Promise.all(proxies.map((proxy) => proxy.close())),
    );
    return { proxies, driver };
  };

  it('goes through it everywhere', async () => {
    const { proxies, driver } = await proxied();
    for (let index = 0; index < 20; index++) await driver.send(['SET', `name:${index}`, index]);
    await driver.subscribe({ shard: key('c') }, () => undefined);
    const { finish } = await migrate(cluster, key('a'));
    await finish();
    expect(await driver.send(['SET', key('a'), 'x'])).toBe('OK');
    await using held = await driver.lease({ key: key('a') });
    expect(await held.send(['GET', key('a')])).toBe('x');
    for (const proxy of proxies) expect(proxy.commands({ name: 'SET' }).length).toBeGreaterThan(0);
  });

  it('waits for one silent node only', async () => {
    const { proxies, driver } = await proxied();
    const owner = await ownerOf(cluster, key('a'));
    const [other] = await othersOf(cluster, key('a'));
    const elsewhere = await keyOn(other?.port);
    await driver.batch([
      ['SET', key('a'), 'x'],
      ['SET', elsewhere, 'y'],
    ]);
    const silent = proxies[cluster.nodes.indexOf(owner)];
    silent?.set({ stalled: true });
    const lost = driver.send(['INCR', key('n')]);
    lost.catch(() => undefined);
    expect(await driver.send(['GET', elsewhere])).toBe('y');
    await expect(lost).rejects.toMatchObject({ maybeExecuted: true });
    await silent?.restore();
    expect(await driver.send(['GET', key('a')], { timeoutMs: 5_000 })).toBe('x');
  });
});

it('says that it is down until a node can be asked', async () => {
  await using proxy = await startFaultProxy({ target: cluster.nodes[0] as (typeof cluster.nodes)[number] });
  await proxy.refuse('CLOSED');
  const instance = new Cluster([{ host: proxy.host, port: proxy.port }], {
    lazyConnect: true,
    clusterRetryStrategy: () => 20,
  });
  const driver = ioredisDriver(instance);
  made.push(() => driver.close());
  const events: string[] = [];
  const down = new Promise((resolve) => driver.on('down', resolve));
  driver.on('down', () => events.push('down'));
  driver.on('ready', () => events.push('ready'));
  const call = driver.send(['SET', key('a'), 'x'], { timeoutMs: 10_000 });
  await down;
  await proxy.accept();
  expect(await call).toBe('OK');
  expect(events).toEqual(['down', 'ready']);
});

it('rejects for good when the instance’s own strategy gives up', async () => {
  const instance = new Cluster([{ host: '127.0.0.1', port: 1 }], {
    lazyConnect: true,
    clusterRetryStrategy: () => null,
  });
  const driver = ioredisDriver(instance);
  made.push(() => driver.close());
  const given = new Promise((resolve) => driver.on('error', resolve));
  await expect(driver.send(['PING'])).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
    maybeExecuted: false,
  });
  expect(await given).toBeInstanceOf(Error);
  await expect(driver.subscribe({ channel: 'c' }, () => undefined)).rejects.toMatchObject({
    code: 'CONNECTION_LOST',
  });
});

async function keyOn(port: number | undefined): Promise<string> {
  for (let index = 0; ; index++) {
    const name = `key:${round}:${index}`;
    if ((await ownerOf(cluster, name)).port === port) return name;
  }
}

/** Another name whose slot is on the same node. */
async function sameNode(name: string): Promise<string> {
  return keyOn((await ownerOf(cluster, name)).port);
}
