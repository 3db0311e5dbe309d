import { info } from './info.js';
import type { RedisServer } from './redis-server.js';
import type { ServerOptions } from './server-options.js';
import { withSharedTls } from './shared-tls.js';
import { startAll, startEach, stopAll } from './start-all.js';
import { startServer } from './start-server.js';
import { waitUntil } from './wait-until.js';

/** A master and its replicas. */
export interface ReplicationOptions {
  /** @default 1 */
  readonly replicas?: number;
  /** For the master and the replicas alike. */
  readonly server?: Omit<ServerOptions, 'port' | 'mode'>;
}

/** Running servers; `master` and `replicas` are the roles that they started with. */
export interface Replication extends AsyncDisposable {
  readonly master: RedisServer;
  readonly replicas: readonly RedisServer[];
  stop(): Promise<void>;
}

/**
 * Starts a master and replicas, and waits until each replica is in sync.
 *
 * @throws {@link RedisServerError} as `startServer`
 */
export async function startReplication({
  replicas: count = 1,
  server = {},
}: ReplicationOptions = {}): Promise<Replication> {
  const options = await withSharedTls(server);
  return startAll(async (started) => {
    const master = await startServer(options);
    started.push(master);
    const config = [...(options.config ?? []), `replicaof ${master.host} ${master.port}`];
    const replicas = await startEach(
      Array.from({ length: count }, () => startServer({ ...options, config })),
      started,
    );
    await waitUntil(() => areInSync(master, replicas), {
      what: 'every replica is in sync with its master',
      timeoutMs: options.readyTimeoutMs,
    });
    const stop = () => stopAll(started);
    return { master, replicas, stop, [Symbol.asyncDispose]: stop };
  });
}

async function areInSync(master: RedisServer, replicas: readonly RedisServer[]): Promise<boolean> {
  for (const replica of replicas) {
    if ((await info(replica, 'replication')).get('master_link_status') !== 'up') return false;
  }
  const seen = [...(await info(master, 'replication'))].filter(([name]) => /^slave\d+$/.test(name));
  return seen.filter(([, state]) => state.includes('state=online')).length === replicas.length;
}
