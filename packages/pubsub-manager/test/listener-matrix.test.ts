import { type RedisServer, seededRandom, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClientType, type RedisPubSubClient, type ScriptPubSubListener } from '../src/index.js';
import { type Bed, beds } from './support/beds.js';

let server: RedisServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const KINDS = ['sync', 'async'] as const;
/** Topics that overlap: one message may concern a channel and two patterns, and a shard channel has the name of a channel. */
const TOPICS = [
  { channel: 'a' },
  { channel: 'ab' },
  { pattern: 'a*' },
  { pattern: '*b' },
  { shard: 'a' },
] as const;

type MatrixTopic = (typeof TOPICS)[number];

interface Row {
  readonly kind: (typeof KINDS)[number];
  readonly topic: MatrixTopic;
}

const ROWS: readonly Row[] = KINDS.flatMap((kind) => TOPICS.map((topic) => ({ kind, topic })));

const isFor = (topic: MatrixTopic, channel: string, sharded: boolean): boolean => {
  if ('shard' in topic) return sharded && topic.shard === channel;
  if (sharded) return false;
  if ('channel' in topic) return topic.channel === channel;
  return topic.pattern === 'a*' ? channel.startsWith('a') : channel.endsWith('b');
};

/** What is registered, by the side of a client, and what each listener has to have heard. */
class Model {
  readonly #client: RedisPubSubClient<unknown>;
  readonly live: { row: Row; listener: ScriptPubSubListener; heard: string[]; due: string[] }[] = [];
  /** Those that have left: they hear nothing more. */
  readonly gone: { heard: string[]; due: string[] }[] = [];
  #number = 0;

  constructor(client: RedisPubSubClient<unknown>) {
    this.#client = client;
  }

  async register(row: Row): Promise<void> {
    const heard: string[] = [];
    const fn = (channel: string, message: string): void => void heard.push(`${channel} ${message}`);
    const { kind, topic } = row;
    const client = this.#client;
    let listener: ScriptPubSubListener;
    if ('pattern' in topic) listener = await client.registerPatternListener(fn, topic.pattern, { kind });
    else if ('shard' in topic) listener = await client.registerShardListener(fn, topic.shard, { kind });
    else if (kind === 'sync') listener = await client.registerSyncListener(fn, topic.channel);
    else {
      listener = client.registerAsyncListener(fn, topic.channel);
      await listener.ready;
    }
    this.live.push({ row, listener, heard, due: [] });
  }

  async unregister(index: number, how: number): Promise<void> {
    const one = this.live[index];
    if (one === undefined) return;
    if (how === 0) await one.listener.unregister();
    else if (how === 1) await this.#client.unregisterListener(one.listener);
    else if (how === 2) await this.#client.unregisterListener(one.listener.getFunction());
    else await this.#client.unregisterListeners(one.row.topic);
    const left = how === 3 ? this.live.filter(({ row }) => row.topic === one.row.topic) : [one];
    for (const each of left) this.live.splice(this.live.indexOf(each), 1);
    this.gone.push(...left);
  }

  /** The server has one subscription where anybody listens, and everybody hears what is for them, once. */
  async check(): Promise<void> {
    const has = (topic: MatrixTopic): number => Number(this.live.some(({ row }) => row.topic === topic));
    const client = this.#client;
    const [a, ab, patternA, patternB, shard] = TOPICS.map(has) as [number, number, number, number, number];
    expect(await client.numSub(['a', 'ab'])).toEqual(
      new Map([
        ['a', a],
        ['ab', ab],
      ]),
    );
    expect(await client.numPat()).toBe(patternA + patternB);
    expect(await client.numSub('a', { sharded: true })).toEqual(new Map([['a', shard]]));
    for (const [channel, sharded] of [
      ['a', false],
      ['ab', false],
      ['b', false],
      ['a', true],
    ] as const) {
      const message = String(++this.#number);
      for (const { row, due } of this.live) {
        if (isFor(row.topic, channel, sharded)) due.push(`${channel} ${message}`);
      }
      await (sharded ? client.publishSharded(channel, message) : client.publish(channel, message));
    }
    await expect
      .poll(() => this.live.map(({ heard }) => heard), { interval: 1 })
      .toEqual(this.live.map(({ due }) => due));
    expect(this.gone.map(({ heard }) => heard)).toEqual(this.gone.map(({ due }) => due));
  }
}

describe.each(beds)('listeners over $name', ({ make }) => {
  let bed: Bed;
  let model: Model;
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);
  beforeAll(() => void process.on('warning', warned));
  afterAll(() => {
    process.off('warning', warned);
    // Such as those of listeners that pile up.
    expect(warnings).toEqual([]);
  });
  beforeEach(async () => {
    bed = make();
    model = new Model(await bed.open(ClientType.PUB_SUB, server));
    return () => bed[Symbol.asyncDispose]();
  });

  const pairs = ROWS.flatMap((first) => ROWS.map((second) => ({ first, second })));

  it('of every pair of kinds may leave in every order', { timeout: 60_000 }, async () => {
    for (const { first, second } of pairs) {
      for (const leaves of [0, 1]) {
        await model.register(first);
        await model.register(second);
        await model.check();
        await model.unregister(leaves, 0);
        await model.check();
        await model.unregister(0, 1);
      }
    }
    await model.check();
  });

  it.each([1, 2, 3, 4])('come and go at random as the model says (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const upTo = (bound: number): number => Math.floor(random() * bound);
    for (let step = 0; step < 40; step++) {
      if (random() < 0.55) {
        // Some at the same time, so that they wait for one confirmation.
        await Promise.all(
          Array.from({ length: 1 + upTo(3) }, () => model.register(ROWS[upTo(ROWS.length)] as Row)),
        );
      } else await model.unregister(upTo(model.live.length), upTo(4));
      await model.check();
    }
  });

  it('that come while the last one leaves hear everything', async () => {
    const [row] = ROWS as [Row];
    for (let round = 0; round < 50; round++) {
      await model.register(row);
      const [leaving] = model.live;
      const left = leaving?.listener.unregister();
      model.live.splice(0, 1);
      await model.register(row);
      await left;
      await model.check();
      await model.unregister(0, 0);
    }
  });
});
