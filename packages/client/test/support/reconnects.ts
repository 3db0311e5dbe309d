import { RedisClient } from '../../src/index.js';
import { activeResources } from './active-resources.js';

// Runs in a process of its own, with --expose-gc: loses its connection so many times, and prints what that has left behind.

const [host = '', port = '', rounds = ''] = process.argv.slice(2);
// As code is optimised, it takes memory, too.
const warmUp = Math.max(20, Number(rounds) / 2);

function heapUsed(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function loseConnection(client: RedisClient, round: number): Promise<void> {
  const id = await client.call('CLIENT', 'ID');
  const pending = Promise.allSettled([
    client.call('INCR', 'n'),
    client.with({ timeoutMs: 1_000, signal: new AbortController().signal }).call('ECHO', `round ${round}`),
  ]);
  const killed = client.withConnection((session) => session.call('CLIENT', 'KILL', 'ID', id as number));
  await Promise.all([pending, killed]);
  await client.status.until('ready');
}

const before = activeResources();
const client = new RedisClient({ host, port: Number(port), reconnect: { minDelayMs: 1, maxDelayMs: 5 } });
for (let round = 0; round < warmUp; round++) await loseConnection(client, round);
const start = heapUsed();
for (let round = 0; round < Number(rounds); round++) await loseConnection(client, round);
const growth = heapUsed() - start;
const { lost } = client.metrics();
await client.close();
// Closing a socket takes the loop some turns.
let after: string[];
for (let turn = 0; ; turn++) {
  await new Promise(setImmediate);
  after = activeResources();
  if (after.join() === before.join() || turn === 100) break;
}
process.stdout.write(JSON.stringify({ lost, growth, before, after }));
