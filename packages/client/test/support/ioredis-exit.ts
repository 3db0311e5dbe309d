import { createServer } from 'node:net';
import * as ioredis from 'ioredis';
import * as ioredis5 from 'ioredis5';
import { type IoredisRedis, ioredisDriver } from '../../src/ioredis/index.js';

// Runs in a process of its own, which ends as soon as all drivers are closed.

const [host = '', port = ''] = process.argv.slice(2);
/** What cannot be answered holds up the end for so long. */
const limits = { timeoutMs: 200, leaseTimeoutMs: 200 };
// It takes connections, and never says anything.
const silent = createServer(() => undefined).listen(0, '127.0.0.1');
await new Promise((resolve) => silent.once('listening', resolve));
const { port: silentPort } = silent.address() as { port: number };

async function use(Redis: new (options: object) => IoredisRedis): Promise<string[]> {
  const states: string[] = [];
  const working = ioredisDriver(new Redis({ host, port: Number(port), lazyConnect: true }));
  await working.send(['PING']);
  await working.subscribe({ channel: 'c' }, () => undefined);
  const held = await working.lease();
  void held.send(['BLPOP', 'list', 0]);
  const warm = await working.lease();
  await warm[Symbol.asyncDispose]();
  states.push('working');

  // Nobody listens there.
  const nowhere = new Redis({ host, port: 1, lazyConnect: true, retryStrategy: () => 60_000 });
  const reconnecting = ioredisDriver(nowhere, limits);
  const down = new Promise((resolve) => reconnecting.on('down', resolve));
  const calls = [
    reconnecting.send(['PING']),
    reconnecting.subscribe({ channel: 'c' }, () => undefined),
    reconnecting.lease(),
  ];
  await down;
  states.push('reconnecting');

  const connecting = ioredisDriver(new Redis({ host, port: silentPort, lazyConnect: true }), limits);
  const connected = new Promise((resolve) => silent.once('connection', resolve));
  calls.push(
    connecting.send(['PING']),
    connecting.subscribe({ channel: 'c' }, () => undefined),
    connecting.lease(),
  );
  await connected;
  states.push('connecting');

  const unused = ioredisDriver(new Redis({ host, port: Number(port), lazyConnect: true }));
  states.push('never used');

  const settled = Promise.allSettled(calls);
  await Promise.all([working, reconnecting, connecting, unused].map((driver) => driver.close()));
  await settled;
  return states;
}

const states = [await use(ioredis.Redis), await use(ioredis5.Redis)];
silent.close();
const closedAt = performance.now();
process.on('exit', () => {
  process.stdout.write(JSON.stringify({ states, exitMs: performance.now() - closedAt }));
});
