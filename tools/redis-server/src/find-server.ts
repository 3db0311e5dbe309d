import { RedisServerError } from './errors.js';
import { isAtLeast, oldestSupported, parseServerVersion, type ServerVersion } from './server-version.js';
import { type System, thisSystem } from './system.js';

/** An executable that can be started. */
export interface ServerBinary extends ServerVersion {
  readonly path: string;
}

/**
 * Finds a server: `REDIS_SERVER` when it is set and nothing else then, otherwise the first of `redis-server` and
 * `valkey-server` on PATH that is new enough.
 *
 * @returns `undefined` when there is none at all.
 * @throws {@link RedisServerError} `SERVER_UNUSABLE`, `SERVER_TOO_OLD`
 */
export async function findServer(system: System = thisSystem()): Promise<ServerBinary | undefined> {
  const { REDIS_SERVER: named } = system.env;
  if (named !== undefined && named !== '') return checkServer(named, system, 'REDIS_SERVER');

  let tooOld: RedisServerError | undefined;
  for (const program of ['redis-server', 'valkey-server']) {
    const path = system.which(program);
    if (path === undefined) continue;
    try {
      return await checkServer(path, system, program);
    } catch (error) {
      if (!(error instanceof RedisServerError)) throw error;
      tooOld ??= error;
    }
  }
  if (tooOld !== undefined) throw tooOld;
  return undefined;
}

/**
 * Asks one executable for its version.
 *
 * @param origin - where the path comes from, for the error message
 * @throws {@link RedisServerError} `SERVER_UNUSABLE`, `SERVER_TOO_OLD`
 */
export async function checkServer(path: string, system: System, origin: string): Promise<ServerBinary> {
  const { ok, output } = await system.run(path, ['--version']);
  const found = ok ? parseServerVersion(output, path) : undefined;
  if (found === undefined) {
    throw new RedisServerError(
      'SERVER_UNUSABLE',
      `${origin}: "${path}" is not a redis-server or valkey-server that runs here (${firstLine(output)}). ` +
        'Set REDIS_SERVER to the path of one, or unset it.',
    );
  }
  if (!isAtLeast(found.version, oldestSupported)) {
    throw new RedisServerError(
      'SERVER_TOO_OLD',
      `${path} is version ${found.version}, and ${oldestSupported} or later is needed. ` +
        'Install a newer redis-server or valkey-server, or set REDIS_SERVER to the path of one.',
    );
  }
  return { ...found, path };
}

function firstLine(output: string): string {
  return output.trim().split('\n', 1)[0] || 'it printed nothing';
}
