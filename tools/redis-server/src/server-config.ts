import path from 'node:path';
import { RedisServerError } from './errors.js';
import type { ServerBinary } from './find-server.js';
import { loopback } from './free-port.js';
import type { ServerOptions, TlsOptions } from './server-options.js';
import { isAtLeast } from './server-version.js';

/** The tool's own user where there are ACL users, since `default` may then be off or restricted. */
const adminUser = { name: 'redlane-admin', password: 'redlane-admin' };

export const fileNames = {
  config: 'server.conf',
  log: 'server.log',
  socket: 'server.sock',
  ca: 'ca.crt',
  cert: 'server.crt',
  key: 'server.key',
};

/** What is decided about a server apart from its options. */
export interface ServerPlace {
  readonly binary: ServerBinary;
  readonly folder: string;
  readonly port: number;
  readonly tls: Required<TlsOptions> | undefined;
}

/** The arguments of AUTH with which this tool may do everything; none when none are needed. */
export function adminCredentials({ users, password }: ServerOptions): string[] {
  if (users !== undefined) return [adminUser.name, adminUser.password];
  return password === undefined ? [] : [password];
}

/**
 * The text of the configuration file.
 *
 * @throws {@link RedisServerError} `INVALID_OPTION`
 */
export function serverConfig(options: ServerOptions, { binary, folder, port, tls }: ServerPlace): string {
  const { mode = 'standalone', persistence = 'none', config = [] } = options;
  const lines = [
    `bind ${loopback}`,
    'protected-mode yes',
    `port ${tls ? 0 : port}`,
    ...(tls ? tlsLines(folder, port, tls) : []),
    `unixsocket ${quote(path.join(folder, fileNames.socket))}`,
    'unixsocketperm 700',
    `dir ${quote(folder)}`,
    'daemonize no',
    ...(isAtLeast(binary.version, '7.0') ? ['enable-debug-command yes'] : []),
    ...(mode === 'sentinel' ? [] : dataLines(mode, persistence)),
    ...accessLines(options),
    ...Object.entries(options.renameCommands ?? {}).map(
      ([from, to]) => `rename-command ${quote(from)} ${quote(to)}`,
    ),
    ...config,
  ];
  for (const line of lines) {
    if (/[\r\n]/.test(line)) {
      throw new RedisServerError(
        'INVALID_OPTION',
        `a line of the configuration has a line break: ${JSON.stringify(line)}.`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

function tlsLines(folder: string, port: number, { authClients }: Required<TlsOptions>): string[] {
  return [
    `tls-port ${port}`,
    `tls-ca-cert-file ${quote(path.join(folder, fileNames.ca))}`,
    `tls-cert-file ${quote(path.join(folder, fileNames.cert))}`,
    `tls-key-file ${quote(path.join(folder, fileNames.key))}`,
    `tls-auth-clients ${authClients}`,
    'tls-replication yes',
    'tls-cluster yes',
  ];
}

function dataLines(mode: 'standalone' | 'cluster', persistence: 'none' | 'always'): string[] {
  return [
    'save ""',
    ...(persistence === 'always' ? ['appendonly yes', 'appendfsync always'] : ['appendonly no']),
    'repl-diskless-sync yes',
    'repl-diskless-sync-delay 0',
    ...(mode === 'cluster' ? ['cluster-enabled yes', 'cluster-config-file nodes.conf'] : []),
  ];
}

function accessLines({ password, users, mode }: ServerOptions): string[] {
  const lines: string[] = [];
  if (password !== undefined) lines.push(`requirepass ${quote(password)}`);
  if (users !== undefined) {
    for (const [name, rules] of Object.entries(users)) lines.push(`user ${name} ${rules}`);
    lines.push(`user ${adminUser.name} on >${adminUser.password} ~* &* +@all`);
  }
  if (mode === 'sentinel') return lines;
  if (users !== undefined) lines.push(`masteruser ${adminUser.name}`, `masterauth ${adminUser.password}`);
  else if (password !== undefined) lines.push(`masterauth ${quote(password)}`);
  return lines;
}

/** A value as one word of a configuration line. */
export function quote(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
