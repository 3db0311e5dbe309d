import { describe, expect, it } from 'vitest';
import { fakeSystem } from '../test/fake-system.js';
import { findServer } from './find-server.js';

const versions: Record<string, string> = {
  '/bin/redis-server --version': 'Redis server v=7.0.15 sha=0',
  '/bin/valkey-server --version': 'Valkey server v=8.0.1 sha=0',
  '/own/server --version': 'Redis server v=6.2.0 sha=0',
  '/old/server --version': 'Redis server v=6.0.16 sha=0',
  '/bin/sh --version': 'something else',
};
const answer = (line: string) => versions[line] ?? false;

describe('findServer', () => {
  it('takes REDIS_SERVER before anything on PATH', async () => {
    const system = fakeSystem({ env: { REDIS_SERVER: '/own/server' }, programs: ['redis-server'], answer });
    expect(await findServer(system)).toEqual({ name: 'redis', version: '6.2.0', path: '/own/server' });
  });

  it('takes redis-server before valkey-server', async () => {
    const system = fakeSystem({ programs: ['valkey-server', 'redis-server'], answer });
    expect(await findServer(system)).toMatchObject({ path: '/bin/redis-server' });
  });

  it('takes valkey-server when there is no redis-server', async () => {
    const system = fakeSystem({ programs: ['valkey-server'], answer });
    expect(await findServer(system)).toEqual({
      name: 'valkey',
      version: '8.0.1',
      path: '/bin/valkey-server',
    });
  });

  it('takes valkey-server when redis-server is too old', async () => {
    const old = (line: string) => (line.startsWith('/bin/redis') ? 'Redis server v=5.0.7' : answer(line));
    const system = fakeSystem({ programs: ['valkey-server', 'redis-server'], answer: old });
    expect(await findServer(system)).toMatchObject({ path: '/bin/valkey-server' });
  });

  it('finds nothing where nothing is', async () => {
    expect(await findServer(fakeSystem({ answer }))).toBeUndefined();
  });

  it('does not fall back when REDIS_SERVER is no server', async () => {
    const system = fakeSystem({ env: { REDIS_SERVER: '/bin/sh' }, programs: ['redis-server'], answer });
    await expect(findServer(system)).rejects.toMatchObject({
      code: 'SERVER_UNUSABLE',
      message: expect.stringMatching(/REDIS_SERVER: "\/bin\/sh".*something else/),
    });
  });

  it('says which version is too old and which is needed', async () => {
    const system = fakeSystem({ env: { REDIS_SERVER: '/old/server' }, answer });
    await expect(findServer(system)).rejects.toMatchObject({
      code: 'SERVER_TOO_OLD',
      message: expect.stringMatching(/\/old\/server is version 6\.0\.16, and 6\.2 or later is needed/),
    });
  });
});
