import type { Socket } from 'node:net';
import { Redis } from 'ioredis';
import { toDriver } from '../../src/client-driver/to-driver.js';
import { RedisClient } from '../../src/index.js';
import { ListConsumer } from '../../src/list-consumer/index.js';

// Runs in a process of its own until SIGTERM or worse: consumes, and prints what it gets and which acks have succeeded.

// Whoever started it is gone: nobody else would end it.
process.stdin.once('end', () => process.exit(1)).resume();
(process.stdin as Socket).unref();

const [port = '', library = ''] = process.argv.slice(2);
const client =
  library === 'ioredis'
    ? new Redis({ port: Number(port), lazyConnect: true })
    : new RedisClient({ port: Number(port), reconnect: { minDelayMs: 1, maxDelayMs: 20 } });
const driver = toDriver(client);
const consumer = new ListConsumer(driver, {
  source: 'list',
  keys: 'work',
  heartbeatMs: 300,
  deadAfterMs: 3_000,
  prefetch: 50,
  maxDeliveries: Number.POSITIVE_INFINITY,
  replies: 'string',
});

const print = (...words: (string | number)[]): void => void process.stdout.write(`${words.join(' ')}\n`);
process.once('SIGTERM', () => void consumer.close());

const acks: Promise<void>[] = [];
for await (const entry of consumer) {
  print('got', entry.seq, entry.deliveries, entry.raw);
  // Some work, so that a kill finds something half done.
  await new Promise((resolve) => setTimeout(resolve, 3));
  acks.push(consumer.ack(entry).then((count) => print(count === 1 ? 'acked' : 'late', entry.seq)));
}
await Promise.all(acks);
await consumer.close();
await driver.close();
await (client instanceof RedisClient ? client.close() : client.disconnect());
