import { clientCache } from '../../src/cache/index.js';
import { type CacheableCommand, RedisClient } from '../../src/index.js';

// Runs in a process of its own, with --expose-gc: fills caches with entries of different kinds, and prints what they say to
// take up, and by how much the memory in use has grown.

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

const rows: object[] = [];
for (const [what, [name = '', ...args], read, rest, options = {}] of kinds) {
  await using client = new RedisClient({
    ...address,
    clientCache: clientCache({ maxBytes: 512 * 1024 * 1024 }),
  });
  await client.call('FLUSHALL');
  const view = client.with(options);
  for (let i = 0; i < COUNT; i++) void client.call(name, `key:${what}:${i}`, ...args);
  const fill = async (): Promise<void> => {
    for (let i = 0; i < COUNT; i += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, at) => `key:${what}:${i + at}`);
      await Promise.all(batch.map((key) => view.cached(read, key, ...rest)));
    }
  };
  // What the engine keeps from the first time is not the cache's.
  await fill();
  client.cache?.clear();
  const before = await used();
  await fill();
  const growth = (await used()) - before;
  const { entries = 0, bytes = 0 } = client.metrics().cache ?? {};
  rows.push({ what, entries, said: bytes, used: growth });
}
process.stdout.write(JSON.stringify(rows));
