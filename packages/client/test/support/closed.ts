import { RedisClient } from '../../src/index.js';
import { activeResources } from './active-resources.js';

// Runs in a process of its own: ends clients in the midst of things, and prints what keeps the process from ending.

const [host = '', port = ''] = process.argv.slice(2);
const before = activeResources();

const reconnecting = new RedisClient({
  host,
  port: 1,
  reconnect: { minDelayMs: 60_000, maxDelayMs: 60_000 },
});
const queued = reconnecting.call('PING');
for await (const state of reconnecting.status) if (state.state === 'down' && state.retryInMs > 0) break;

const busy = new RedisClient({ host, port: Number(port) });
const blocked = busy.call('BLPOP', 'list', 0);
await busy.call('PING');

const ends = Promise.allSettled([queued, blocked]);
reconnecting.destroy();
busy.destroy();
await ends;

let left: string[] = [];
for (let turn = 0; turn < 100; turn++) {
  await new Promise(setImmediate);
  left = activeResources();
  if (left.length === before.length) break;
}
process.stdout.write(JSON.stringify({ before, left }));
