import { RedisServerError } from './errors.js';
import type { System } from './system.js';

/**
 * Installs a server by the system's package manager, if that can be done without asking for a password: apt-get as root
 * or by `sudo -n`, Homebrew on macOS. No service is left running or enabled.
 *
 * @returns the name of the package manager.
 * @throws {@link RedisServerError} `SERVER_NOT_FOUND` when nothing can be installed without a person, `INSTALL_FAILED`
 */
export async function installServer(system: System): Promise<string> {
  if (system.platform === 'darwin' && system.which('brew') !== undefined) {
    await installByBrew(system);
    return 'brew';
  }
  if (system.platform === 'linux' && system.which('apt-get') !== undefined) {
    const root = await asRoot(system);
    if (root !== undefined) {
      await installByApt(root, system);
      return 'apt-get';
    }
  }
  throw new RedisServerError(
    'SERVER_NOT_FOUND',
    `no redis-server or valkey-server was found. ${advice(system)}`,
  );
}

type Run = (program: string, ...args: string[]) => ReturnType<System['run']>;

async function asRoot(system: System): Promise<Run | undefined> {
  if (system.isRoot) return (program, ...args) => system.run(program, args);
  if (system.which('sudo') === undefined) return undefined;
  if (!(await system.run('sudo', ['-n', 'true'])).ok) return undefined;
  return (program, ...args) => system.run('sudo', ['-n', program, ...args]);
}

async function installByApt(root: Run, system: System): Promise<void> {
  // With RUNLEVEL=1 the package does not start its service where init scripts are used; systemd is told afterwards.
  const apt: Run = (...args) =>
    root('env', 'DEBIAN_FRONTEND=noninteractive', 'RUNLEVEL=1', 'apt-get', ...args);
  const update = await apt('update');
  let failure = '';
  for (const name of ['redis-server', 'valkey-server']) {
    const { ok, output } = await apt('install', '-y', '--no-install-recommends', name);
    if (ok) {
      await stopService(name, root, system);
      return;
    }
    failure ||= output;
  }
  throw new RedisServerError(
    'INSTALL_FAILED',
    `apt-get could not install redis-server.\n${lastLines(update.ok ? failure : `${update.output}\n${failure}`)}\n` +
      'Install redis-server or valkey-server by hand, or set REDIS_SERVER or REDIS_URL.',
  );
}

/** There was no server before, so a service that runs now is one that the package has just started. */
async function stopService(name: string, root: Run, system: System): Promise<void> {
  if (system.hasSystemd) await root('systemctl', 'disable', '--now', name);
  else if (system.which('service') !== undefined) await root('service', name, 'stop');
}

async function installByBrew(system: System): Promise<void> {
  const env = { HOMEBREW_NO_AUTO_UPDATE: '1', HOMEBREW_NO_ENV_HINTS: '1' };
  const { ok, output } = await system.run('brew', ['install', 'redis'], env);
  if (ok) return;
  throw new RedisServerError(
    'INSTALL_FAILED',
    `brew could not install redis.\n${lastLines(output)}\nInstall it by hand, or set REDIS_SERVER or REDIS_URL.`,
  );
}

function advice({ platform, which }: System): string {
  const command =
    platform === 'darwin'
      ? 'install Homebrew and run "brew install redis"'
      : platform === 'win32'
        ? 'run this in WSL, where redis-server can be installed'
        : which('apt-get') !== undefined
          ? 'run "sudo apt-get install redis-server"'
          : 'install the package redis or valkey of your distribution';
  return `Please ${command}; or set REDIS_SERVER to the path of a server, or REDIS_URL to the URL of a running one.`;
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-8).join('\n');
}
