import { clientCache } from '../../src/cache/index.js';
import { type CacheableCommand, RedisClient } from '../../src/index.js';

// Runs in a process of its own, with --expose-gc: fills caches with entries of different kinds, and prints what they say to
// take up, and by how much the memory in use has grown; and that of a small one through which many entries have passed.

const [host = '', port = ''] = process.argv.slice(2);
const address = { host, port: Number(port) };
const COUNT = 2_000;
const BATCH = 100;

async function used(): Promise<number> {
  // What a turn of the loop refers to ends with it.
  await new Promise(setImmediate);
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const long = 'x'.repeat(500);
const fields = Array.from({ length: 20 }, (_, i) => [`field${i}`, `value ${i} of twenty`]).flat();
const kinds: readonly [
  what: string,
  set: string[],
  read: CacheableCommand,
  rest: string[],
  view?: Parameters<RedisClient['with']>[0],
][] = [
  ['short texts', ['SET', 'short'], 'GET', []],
  ['bytes', ['SET', long], 'GET', [], { replies: 'bytes' }],
  ['maps', ['HSET', ...fields], 'HGETALL', []],
  ['objects', ['HSET', ...fields], 'HGETALL', [], { maps: 'object' }],
  ['sets', ['SADD', ...fields], 'SMEMBERS', []],
];

async function readMany(name: string, count: number, read: (key: string) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < count; i += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, (_, at) => read(`${name}:${i + at}`)));
  }
}

const filled: object[] = [];
for (const [what, [name = '', ...args], read, rest, options = {}] of kinds) {
  await using client = new RedisClient({
    ...address,
    clientCache: clientCache({ maxBytes: 512 * 1024 * 1024 }),
  });
  await client.call('FLUSHALL');
  const view = client.with(options);
  for (let i = 0; i < COUNT; i++) void client.call(name, `key:${what}:${i}`, ...args);
  const fill = (): Promise<void> => readMany(`key:${what}`, COUNT, (key) => view.cached(read, key, ...rest));
  // What the engine keeps from the first time is not the cache's.
  await fill();
  client.cache?.clear();
  const before = await used();
  await fill();
  const growth = (await used()) - before;
  const { entries = 0, bytes = 0 } = client.metrics().cache ?? {};
  filled.push({ what, entries, said: bytes, used: growth });
}

await using small = new RedisClient({ ...address, clientCache: clientCache({ maxBytes: 4_000 }) });
const read = (key: string): Promise<unknown> => small.cached('GET', key);
await readMany('warm', COUNT, read);
const before = await used();
await readMany('pushed out', 10 * COUNT, read);
const passing = { evictions: small.metrics().cache?.evictions, used: (await used()) - before };
process.stdout.write(JSON.stringify({ filled, passing }));
