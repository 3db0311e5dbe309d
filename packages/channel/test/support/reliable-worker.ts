import { RedisChannel } from '@redlane/channel';
import { ways } from './drivers.js';

// Runs in a process of its own until SIGTERM or worse: receives, and prints that it is ready, what it gets, and which acks
// have succeeded.

const [name = '', port = ''] = process.argv.slice(2);
const way = ways.find((one) => one.name === name)?.open({ host: '127.0.0.1', port: Number(port) });
if (way === undefined) throw new Error(`no driver ${name}`);
const channel = new RedisChannel<string, never, true>(way.source, '/jobs', 'server', {
  reliable: true,
  prefetch: 50,
  heartbeatMs: 300,
  deadAfterMs: 3_000,
  maxDeliveries: Number.POSITIVE_INFINITY,
});

const print = (...words: (string | number)[]): void => void process.stdout.write(`${words.join(' ')}\n`);
process.once('SIGTERM', () => void channel.close());

process.stdout.write('ready\n');
const acks: Promise<void>[] = [];
for await (const delivery of channel) {
  const { seq, deliveries, data } = delivery;
  print('got', seq, deliveries, data);
  const failed = (error: Error): void => print('failed', seq, error.message);
  acks.push(delivery.ack().then((held) => print(held ? 'acked' : 'late', seq), failed));
  // Some work, so that a kill finds something half done.
  await new Promise((resolve) => setTimeout(resolve, 1));
}
await Promise.all(acks);
await channel.close();
await way[Symbol.asyncDispose]();
