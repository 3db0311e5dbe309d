import { RedisServerError } from './errors.js';
import { findServer, type ServerBinary } from './find-server.js';
import { installServer } from './install-server.js';
import { type System, thisSystem } from './system.js';

/**
 * Makes sure that there is a server: the one of `REDIS_URL`, one that is installed, or one that is installed now.
 *
 * @returns one line that says which.
 * @throws {@link RedisServerError} `SERVER_NOT_FOUND`, `SERVER_UNUSABLE`, `SERVER_TOO_OLD`, `INSTALL_FAILED`,
 * `INVALID_OPTION`
 */
export async function ensureServer(system: System = thisSystem()): Promise<string> {
  const { REDIS_URL: url } = system.env;
  if (url !== undefined && url !== '') return `the server of REDIS_URL is used (${withoutSecrets(url)})`;

  const found = await findServer(system);
  if (found !== undefined) return describe(found);

  const manager = await installServer(system);
  const installed = await findServer(system);
  if (installed === undefined) {
    throw new RedisServerError(
      'INSTALL_FAILED',
      `${manager} reported success, but no redis-server or valkey-server is on PATH. Set REDIS_SERVER to its path.`,
    );
  }
  return `${describe(installed)}, installed by ${manager}`;
}

function describe({ name, version, path }: ServerBinary): string {
  return `${name}-server ${version} at ${path}`;
}

function withoutSecrets(url: string): string {
  try {
    return new URL(url).host || 'a unix socket';
  } catch {
    throw new RedisServerError(
      'INVALID_OPTION',
      'REDIS_URL is not a URL. Use redis://host:port, or unset it.',
    );
  }
}
