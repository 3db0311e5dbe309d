import { parseArgs } from 'node:util';
import { openTarget } from '../client/target.mjs';
import { measure } from '../measure.mjs';
import { markdownTable, short } from '../report.mjs';
import { UsageError } from '../usage-error.mjs';

const HELP = `usage: bench cached [options]

What client.cached('GET', key) saves against client.call('GET', key), of 1,000 keys of 64 bytes, one after the other and all
at once; and for the latter against node-redis's cache.

  --rounds <n>  rounds to take the median of (7)
  --check       exit 1 when a floor is missed

Needs the built packages. REDIS_URL names a server to use instead of one of our own.`;

const KEYS = 1_000;
/** × faster than an uncached read that is waited for. Reads that leave together share their packets, and cost little anyway. */
const FLOOR = 20;

/** Returns the exit code. */
export async function run(args) {
  const { rounds, check, help } = parse(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const opened = await openTarget([]);
  const clients = await openClients(opened.target);
  try {
    const rows = [];
    const misses = [];
    for (const [title, inTurn] of [
      ['one after the other', true],
      ['all at once', false],
    ]) {
      const results = await measure(passesOf(clients, inTurn), { rounds, passes: 3 });
      const us = (id) => median(results.map((round) => round[id]));
      const gain = median(results.map(({ call, cached }) => call / cached));
      rows.push([title, us('call'), us('peer'), us('cached'), gain].map((cell) => asText(cell)));
      if (inTurn && gain < FLOOR)
        misses.push(`${title}: a cached read is ${short(gain)} × as fast, the floor is ${FLOOR}`);
    }
    const columns = [
      ['reads', 'left'],
      ...['call, µs', 'node-redis cached, µs', 'cached, µs', '× call'].map((title) => [title, 'right']),
    ];
    console.log(markdownTable(columns, rows));
    for (const miss of misses) console.error(miss);
    return check && misses.length > 0 ? 1 : 0;
  } finally {
    await clients.close();
    await opened.close();
  }
}

async function openClients({ prefix, ...place }) {
  const { RedisClient } = await import('@redlane/client');
  const { clientCache } = await import('@redlane/client/cache');
  const { createClient } = await import('@redis/client');
  const client = new RedisClient({ ...place, clientCache: clientCache() });
  const { host, port, username, password, db } = place;
  const peer = createClient({
    RESP: 3,
    socket: { host, port },
    ...(password === undefined ? {} : { username, password }),
    database: db,
    clientSideCache: { maxEntries: KEYS * 2 },
  });
  await peer.connect();
  const keys = Array.from({ length: KEYS }, (_, i) => `${prefix}:${i}`);
  await client.pipeline(keys.map((key) => ['SET', key, key.padEnd(64, '.'), 'PX', 600_000]));
  return {
    keys,
    call: (key) => client.call('GET', key),
    cached: (key) => client.cached('GET', key),
    peer: (key) => peer.get(key),
    async close() {
      await client.pipeline(keys.map((key) => ['DEL', key]));
      await client.close();
      await peer.close();
    },
  };
}

/** Each pass returns µs a read. */
function passesOf({ keys, ...reads }, inTurn) {
  return ['call', 'peer', 'cached'].map((id) => ({
    id,
    async pass() {
      const read = reads[id];
      const start = performance.now();
      if (inTurn) for (const key of keys) expectValue(key, await read(key));
      else
        for (const [i, value] of (await Promise.all(keys.map(read))).entries()) expectValue(keys[i], value);
      return ((performance.now() - start) * 1_000) / keys.length;
    },
  }));
}

function expectValue(key, value) {
  if (!value?.startsWith(key)) throw new Error(`${key} reads as ${value}`);
}

function asText(cell) {
  return typeof cell === 'string' ? cell : short(cell);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function parse(args) {
  try {
    const { values } = parseArgs({
      args,
      options: {
        rounds: { type: 'string', default: '7' },
        check: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
    const rounds = Number(values.rounds);
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error(`--rounds is a number from 1, not ${values.rounds}`);
    return { ...values, rounds };
  } catch (error) {
    throw new UsageError(`${error.message}\n\n${HELP}`);
  }
}
