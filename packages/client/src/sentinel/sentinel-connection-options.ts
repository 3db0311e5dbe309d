import type { ResolvedOptions } from '../client-options.js';
import type { ServerAddress } from './server-address.js';

/** Options of a client that has sentinels. */
export type SentinelOptions = Omit<ResolvedOptions, 'locator' | 'sentinels'> & {
  readonly sentinels: readonly ServerAddress[];
};

/** How to connect to a sentinel: nothing of the server's login, database and TLS is for it. */
export function sentinelConnectionOptions(
  options: SentinelOptions,
  { host, port }: ServerAddress,
  changes: Pick<Partial<ResolvedOptions>, 'unref'> = {},
): ResolvedOptions {
  return {
    ...options,
    host,
    port,
    username: options.sentinelUsername,
    password: options.sentinelPassword,
    credentials: undefined,
    tls: options.sentinelTls,
    db: 0,
    protocol: 3,
    connectTimeoutMs: options.sentinelTimeoutMs,
    Reader: undefined,
    writeCommand: undefined,
    locator: undefined,
    ...changes,
  };
}
