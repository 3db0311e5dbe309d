import { startReplication, startServer } from '../../src/index.js';

// Started by cleanup.test.ts: tells what it has started, and then does what its argument says.
const group = await startReplication();
const paused = await startServer({ persistence: 'always' });
paused.pause();
const servers = [group.master, ...group.replicas, paused];
process.stdout.write(`${JSON.stringify(servers.map(({ pid, folder }) => ({ pid, folder })))}\n`);

const [then] = process.argv.slice(2);
if (then === 'stay') setInterval(() => {}, 1000);
if (then === 'throw') throw new Error('on purpose');
// Otherwise nothing is left to do: servers do not keep a process alive.
