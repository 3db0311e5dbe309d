import { RedisClient } from '../../src/index.js';

// Runs in a process of its own, which ends though a client is connected and another tries to connect.

const [host = '', port = ''] = process.argv.slice(2);
const connected = new RedisClient({ host, port: Number(port), unref: true });
const closed = new RedisClient({ host, port: 1, unref: true });
closed.call('PING').catch(() => undefined);
// While a command is pending nothing else keeps the process: somebody has to.
const keep = setInterval(() => undefined, 1_000);
await connected.call('PING');
await connected.withConnection((session) => session.call('PING'));
clearInterval(keep);
process.stdout.write('done');
