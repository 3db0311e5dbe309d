import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCertificates } from './certificates.js';
import { RedisServerError } from './errors.js';
import { checkServer, findServer, type ServerBinary } from './find-server.js';
import { freePort } from './free-port.js';
import { Guard } from './guard.js';
import { RedisServer } from './redis-server.js';
import { fileNames, type ServerPlace, serverConfig } from './server-config.js';
import type { ServerOptions } from './server-options.js';
import { thisSystem } from './system.js';

const attempts = 10;
const keptLogs = fileURLToPath(new URL('../../../.redlane/logs', import.meta.url));

/** Names a port that seems to be free; tests bring their own. */
export type PortSource = (options: { withBus: boolean }) => Promise<number>;

/**
 * Starts a server and waits until it answers. Two test runs that pick the same port do no harm: whoever comes second
 * takes another.
 *
 * @throws {@link RedisServerError} `SERVER_NOT_FOUND`, `SERVER_UNUSABLE`, `SERVER_TOO_OLD`, `INVALID_OPTION`,
 * `NO_FREE_PORT`, `PORT_TAKEN` (only with `port`), `START_FAILED`, `NOT_READY`
 */
export async function startServer(
  options: ServerOptions = {},
  ports: PortSource = freePort,
): Promise<RedisServer> {
  const binary = await serverBinary(options);
  const tls = await resolveTls(options.tls);
  const withBus = options.mode === 'cluster';
  for (let attempt = 1; ; attempt++) {
    const port = options.port ?? (await ports({ withBus }));
    const folder = path.join(temporary(), `redlane-${process.pid}-${randomBytes(4).toString('hex')}`);
    try {
      return await startAt(options, { binary, folder, port, tls });
    } catch (error) {
      const retry =
        error instanceof RedisServerError && error.code === 'PORT_TAKEN' && options.port === undefined;
      if (!retry) throw error;
      if (attempt === attempts) {
        throw new RedisServerError('NO_FREE_PORT', `${attempts} ports in a row were taken by others.`, {
          cause: error,
        });
      }
    }
  }
}

/** The path of a unix socket has at most 103 bytes on macOS, 107 on Linux, and our part of it takes 40. */
function temporary(): string {
  const usual = tmpdir();
  return Buffer.byteLength(usual) <= 60 ? usual : '/tmp';
}

async function serverBinary({ executable }: ServerOptions): Promise<ServerBinary> {
  const system = thisSystem();
  if (executable !== undefined) return checkServer(executable, system, 'executable');
  const found = await findServer(system);
  if (found !== undefined) return found;
  throw new RedisServerError(
    'SERVER_NOT_FOUND',
    'no redis-server or valkey-server was found. Run "pnpm --filter @redlane/redis-server ensure", or set REDIS_SERVER.',
  );
}

async function resolveTls(tls: ServerOptions['tls'] = false): Promise<ServerPlace['tls']> {
  if (tls === false) return undefined;
  const { certificates, authClients = 'optional' } = tls === true ? {} : tls;
  return { certificates: certificates ?? (await createCertificates()), authClients };
}

async function startAt(options: ServerOptions, place: ServerPlace): Promise<RedisServer> {
  const { binary, folder, port } = place;
  const text = serverConfig(options, place);
  const guard = await Guard.open({
    folder,
    command: [
      binary.path,
      path.join(folder, fileNames.config),
      ...(options.mode === 'sentinel' ? ['--sentinel'] : []),
    ],
    keptLog: keptLog(options, port),
  });
  try {
    await writeFiles(text, place);
    const server = new RedisServer(options, place, guard);
    await server.start();
    return server;
  } catch (error) {
    await guard.close();
    throw error;
  }
}

async function writeFiles(config: string, { folder, tls }: ServerPlace): Promise<void> {
  const write = (name: string, text: string) => writeFile(path.join(folder, name), text, { mode: 0o600 });
  await write(fileNames.config, config);
  if (tls === undefined) return;
  const { ca, server } = tls.certificates;
  await write(fileNames.ca, ca);
  await write(fileNames.cert, server.cert);
  await write(fileNames.key, server.key);
}

function keptLog({ keepLog, mode = 'standalone' }: ServerOptions, port: number): string | undefined {
  const { REDLANE_KEEP_LOGS: wanted = '' } = process.env;
  if (!(keepLog ?? (wanted !== '' && wanted !== '0'))) return undefined;
  mkdirSync(keptLogs, { recursive: true });
  return path.join(keptLogs, `${mode}-${port}-${process.pid}-${Date.now()}.log`);
}
