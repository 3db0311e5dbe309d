import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isAlive } from './is-alive.js';

const program = fileURLToPath(new URL('programs/hold-servers.ts', import.meta.url));

async function holdServers(then: 'stay' | 'throw' | 'end') {
  const child = spawn(process.execPath, ['--import', 'tsx', program, then], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const servers = JSON.parse(line) as { pid: number; folder: string }[];
  expect(servers).toHaveLength(3);
  return { child, ended, servers };
}

function traces(servers: { pid: number; folder: string }[]): unknown[] {
  return servers.filter(({ pid, folder }) => isAlive(pid) || existsSync(folder));
}

describe('servers of a process that has gone', () => {
  it('are gone too when it was killed', async () => {
    const { child, ended, servers } = await holdServers('stay');
    expect(traces(servers)).toHaveLength(3);
    child.kill('SIGKILL');
    await ended;
    await expect.poll(() => traces(servers), { timeout: 10_000 }).toEqual([]);
  });

  it('are gone too when it failed', async () => {
    const { ended, servers } = await holdServers('throw');
    expect((await ended)[0]).not.toBe(0);
    await expect.poll(() => traces(servers), { timeout: 10_000 }).toEqual([]);
  });

  it('do not keep it alive, and are gone too when it just ended', async () => {
    const { ended, servers } = await holdServers('end');
    expect(await ended).toEqual([0, null]);
    await expect.poll(() => traces(servers), { timeout: 10_000 }).toEqual([]);
  });
});
