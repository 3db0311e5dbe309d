import { createServer } from 'node:net';
import { ioredisDriver } from '../../src/ioredis/index.js';

// Runs in a process of its own, which ends as soon as all drivers are closed.

const [library = 'ioredis', host = '', port = ''] = process.argv.slice(2);
const { Redis } = (await import(library)) as typeof import('ioredis');
const states: string[] = [];
/** What cannot be answered holds up the end for so long. */
const limits = { timeoutMs: 200, leaseTimeoutMs: 200 };

const working = ioredisDriver(new Redis({ host, port: Number(port), lazyConnect: true }));
await working.send(['PING']);
await working.subscribe({ channel: 'c' }, () => undefined);
const held = await working.lease();
void held.send(['BLPOP', 'list', 0]);
const warm = await working.lease();
await warm[Symbol.asyncDispose]();
states.push('working');

// Nobody listens there.
const reconnecting = ioredisDriver(
  new Redis({ host, port: 1, lazyConnect: true, retryStrategy: () => 60_000 }),
);
const down = new Promise((resolve) => reconnecting.on('down', resolve));
const calls = [
  reconnecting.send(['PING']),
  reconnecting.subscribe({ channel: 'c' }, () => undefined),
  reconnecting.lease(),
];
await down;
states.push('reconnecting');

// Somebody listens there, and never says anything.
const silent = createServer(() => undefined).listen(0, '127.0.0.1');
await new Promise((resolve) => silent.once('listening', resolve));
const { port: silentPort } = silent.address() as { port: number };
const connecting = ioredisDriver(
  new Redis({ host: '127.0.0.1', port: silentPort, lazyConnect: true }),
  limits,
);
calls.push(
  connecting.send(['PING']),
  connecting.subscribe({ channel: 'c' }, () => undefined),
  connecting.lease(),
);
await new Promise((resolve) => silent.once('connection', resolve));
states.push('connecting');

const unused = ioredisDriver(new Redis({ host, port: Number(port), lazyConnect: true }));
states.push('never used');

const settled = Promise.allSettled(calls);
await Promise.all([working, reconnecting, connecting, unused].map((driver) => driver.close()));
await settled;
silent.close();
const closedAt = performance.now();
process.on('exit', () => {
  process.stdout.write(JSON.stringify({ states, exitMs: performance.now() - closedAt }));
});
