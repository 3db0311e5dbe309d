import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeArgs } from './command-connection.js';
import { FencedReader } from './fenced-reader.js';
import { type Capture, captures } from './golden-captures.js';
import type { RedisServer } from './redis-server.js';
import { startServer } from './start-server.js';

/**
 * Writes `packages/resp3-core/test/golden/<server>-<version>.json`: the bytes with which a real server answers. Run it
 * with `pnpm --filter @redlane/redis-server golden`, for another server with REDIS_SERVER set, and "pnpm format" afterwards.
 */
const folder = fileURLToPath(new URL('../../../packages/resp3-core/test/golden/', import.meta.url));
const server = await startServer();
try {
  const entries = [];
  for (const each of captures) entries.push({ ...each, hex: (await record(server, each)).toString('hex') });
  const { name, version } = server;
  const file = path.join(folder, `${name}-${version}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify({ server: name, version, entries }, null, 2)}\n`);
  console.log(`${entries.length} entries in ${path.relative(process.cwd(), file)}`);
} finally {
  await server.stop();
}

async function record(server: RedisServer, { protocol, setup, commands }: Capture): Promise<Buffer> {
  await server.command('FLUSHALL');
  await server.command('SCRIPT', 'FLUSH');
  const socket = await server.connect();
  try {
    const received = new FencedReader(socket);
    const hello = protocol === 3 ? [['HELLO', '3']] : [];
    socket.write(Buffer.concat([...hello, ...setup].map(encodeArgs)));
    await received.untilQuiet(server);
    socket.write(Buffer.concat(commands.map(encodeArgs)));
    return await received.untilQuiet(server);
  } finally {
    socket.destroy();
  }
}
