import { RedisClient } from '../../src/index.js';

// Runs in a process of its own with NODE_DEBUG=redlane, and meets whatever is worth a line in the log.

const [host = '', port = '', password = '', argument = ''] = process.argv.slice(2);
const quiet = (): undefined => undefined;
const at = `${host}:${port}`;

const client = new RedisClient(`redis://:${password}@${at}`, { reconnect: { minDelayMs: 1, maxDelayMs: 5 } });
await client.call('SET', 'key', argument);
await client.call('LPUSH', 'key', argument).catch(quiet);
await client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(quiet);
await client.call('GET', 'key').catch(quiet);
await client.close();

for (const wrong of [
  new RedisClient(`redis://:${password}-wrong@${at}`),
  new RedisClient(`redis://user:${password}@${host}:1`),
  new RedisClient({ host, port: Number(port), credentials: () => ({ password: `${password}-wrong` }) }),
  new RedisClient(`redis+sentinel://:${password}@${at}/main`, { sentinelPassword: `${password}-wrong` }),
]) {
  await wrong.with({ timeoutMs: 200 }).call('ECHO', argument).catch(quiet);
  await wrong.close();
}
