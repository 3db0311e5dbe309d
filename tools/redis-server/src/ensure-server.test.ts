import { describe, expect, it } from 'vitest';
import { fakeSystem } from '../test/fake-system.js';
import { ensureServer } from './ensure-server.js';

/** Installing works: after it, the program is on PATH and tells its version. */
function installs(pattern: RegExp, { sudo = true } = {}) {
  return (line: string, programs: Set<string>) => {
    if (line === 'sudo -n true') return sudo ? '' : false;
    if (pattern.test(line)) programs.add('redis-server');
    else if (/ install /.test(line)) return false;
    return line === '/bin/redis-server --version' ? 'Redis server v=7.0.15' : undefined;
  };
}
const apt = (prefix: string, rest: string) =>
  `${prefix}env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get ${rest}`;

describe('ensureServer', () => {
  it('leaves everything alone when REDIS_URL is set, and does not show its password', async () => {
    const system = fakeSystem({ env: { REDIS_URL: 'redis://me:secret@db.example:6380/2' } });
    expect(await ensureServer(system)).toBe('the server of REDIS_URL is used (db.example:6380)');
    expect(system.ran).toEqual([]);
  });

  it('refuses a REDIS_URL that is none, without repeating it', async () => {
    const failure = ensureServer(fakeSystem({ env: { REDIS_URL: 'secret' } }));
    await expect(failure).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.not.stringMatching(/secret/),
    });
  });

  it('says in one line which server there is', async () => {
    const system = fakeSystem({ programs: ['redis-server'], answer: installs(/never/) });
    expect(await ensureServer(system)).toBe('redis-server 7.0.15 at /bin/redis-server');
  });

  it('installs by apt-get as root, and stops what the package started', async () => {
    const programs = ['apt-get', 'service'];
    const system = fakeSystem({ isRoot: true, programs, answer: installs(/ redis-server$/) });
    expect(await ensureServer(system)).toBe('redis-server 7.0.15 at /bin/redis-server, installed by apt-get');
    expect(system.ran).toEqual([
      apt('', 'update'),
      apt('', 'install -y --no-install-recommends redis-server'),
      'service redis-server stop',
      '/bin/redis-server --version',
    ]);
  });

  it('installs by sudo when that asks for no password', async () => {
    const programs = ['apt-get', 'sudo'];
    const system = fakeSystem({ hasSystemd: true, programs, answer: installs(/ redis-server$/) });
    await ensureServer(system);
    expect(system.ran.slice(0, 4)).toEqual([
      'sudo -n true',
      apt('sudo -n ', 'update'),
      apt('sudo -n ', 'install -y --no-install-recommends redis-server'),
      'sudo -n systemctl disable --now redis-server',
    ]);
  });

  it('never runs sudo so that it could ask', async () => {
    const system = fakeSystem({ programs: ['apt-get', 'sudo'], answer: installs(/redis/, { sudo: false }) });
    await expect(ensureServer(system)).rejects.toMatchObject({
      code: 'SERVER_NOT_FOUND',
      message: expect.stringMatching(/sudo apt-get install redis-server.*REDIS_SERVER.*REDIS_URL/),
    });
    expect(system.ran).toEqual(['sudo -n true']);
  });

  it('tries valkey-server where apt-get has no redis-server', async () => {
    const programs = ['apt-get'];
    const system = fakeSystem({ isRoot: true, programs, answer: installs(/ valkey-server$/) });
    await ensureServer(system);
    expect(system.ran).toContain(apt('', 'install -y --no-install-recommends valkey-server'));
  });

  it('shows what apt-get said when it fails', async () => {
    const system = fakeSystem({ isRoot: true, programs: ['apt-get'], answer: () => false });
    await expect(ensureServer(system)).rejects.toMatchObject({
      code: 'INSTALL_FAILED',
      message: expect.stringMatching(/apt-get could not install redis-server\.\nE: something is wrong/),
    });
  });

  it('installs by Homebrew on macOS', async () => {
    const system = fakeSystem({
      platform: 'darwin',
      programs: ['brew'],
      answer: installs(/^brew install redis$/),
    });
    expect(await ensureServer(system)).toMatch(/, installed by brew$/);
  });

  it.each([
    ['darwin' as const, /brew install redis/],
    ['linux' as const, /package redis or valkey/],
    ['win32' as const, /WSL/],
  ])('tells people on %s what to do', async (platform, advice) => {
    const failure = ensureServer(fakeSystem({ platform }));
    await expect(failure).rejects.toMatchObject({
      code: 'SERVER_NOT_FOUND',
      message: expect.stringMatching(advice),
    });
  });

  it('notices when an installation leaves no server', async () => {
    const system = fakeSystem({ isRoot: true, programs: ['apt-get'] });
    await expect(ensureServer(system)).rejects.toMatchObject({ code: 'INSTALL_FAILED' });
  });
});
