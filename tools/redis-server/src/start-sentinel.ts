import { RedisServerError } from './errors.js';
import { pairs } from './info.js';
import type { RedisServer } from './redis-server.js';
import { adminCredentials, quote } from './server-config.js';
import type { ServerOptions } from './server-options.js';
import { withSharedTls } from './shared-tls.js';
import { startAll, startEach, stopAll } from './start-all.js';
import { type Replication, type ReplicationOptions, startReplication } from './start-replication.js';
import { startServer } from './start-server.js';
import { waitUntil } from './wait-until.js';

/** A master, its replicas, and sentinels that watch them. */
export interface SentinelOptions extends ReplicationOptions {
  /** @default 'mymaster' */
  readonly masterName?: string;
  /** @default 3 */
  readonly sentinels?: number;
  /** How many sentinels must find the master down. @default the majority */
  readonly quorum?: number;
  /** In ms. @default 500 */
  readonly downAfterMs?: number;
  /** In ms. Twice this is how long a failed election holds up the next one. @default 1000 */
  readonly failoverTimeoutMs?: number;
  /** For the sentinels; executable and TLS are those of `server` unless they are given here. */
  readonly sentinel?: Omit<ServerOptions, 'port' | 'mode'>;
}

/** Running servers and sentinels. */
export interface SentinelGroup extends Replication {
  readonly masterName: string;
  readonly sentinels: readonly RedisServer[];
  /** The server that the sentinels name as the master now. */
  currentMaster(): Promise<RedisServer>;
  /** Kills the current master, and resolves with the new one when every running sentinel names it and it accepts writes. */
  failover(): Promise<RedisServer>;
}

/**
 * Starts a master, a replica and three sentinels, and waits until every sentinel knows the replica and the others.
 *
 * @throws {@link RedisServerError} as `startServer`
 */
export async function startSentinel(options: SentinelOptions = {}): Promise<SentinelGroup> {
  const { masterName = 'mymaster', replicas: replicaCount = 1, sentinels: count = 3 } = options;
  const server = await withSharedTls(options.server ?? {});
  return startAll(async (started) => {
    const replication = await startReplication({ replicas: replicaCount, server });
    started.push(replication);
    const own = options.sentinel ?? {};
    const shared: ServerOptions = {
      ...(server.executable !== undefined && { executable: server.executable }),
      ...(server.tls !== undefined && { tls: server.tls }),
      ...own,
      mode: 'sentinel',
      config: [...watchLines(options, server, replication.master), ...(own.config ?? [])],
    };
    const sentinels = await startEach(
      Array.from({ length: count }, () => startServer(shared)),
      started,
    );
    await Promise.all(sentinels.map(hurry));
    await waitUntil(() => allKnow(sentinels, masterName, replicaCount), {
      what: 'every sentinel knows the replicas and the other sentinels',
      // They ask for replicas every ten seconds, and may just have asked.
      timeoutMs: server.readyTimeoutMs ?? 30_000,
    });
    return group(masterName, replication, sentinels, () => stopAll(started));
  });
}

function watchLines(options: SentinelOptions, server: ServerOptions, master: RedisServer): string[] {
  const { masterName = 'mymaster', sentinels = 3, downAfterMs = 500, failoverTimeoutMs = 1000 } = options;
  const { quorum = Math.floor(sentinels / 2) + 1 } = options;
  const [secret, user] = adminCredentials(server).reverse();
  return [
    `sentinel monitor ${masterName} ${master.host} ${master.port} ${quorum}`,
    `sentinel down-after-milliseconds ${masterName} ${downAfterMs}`,
    `sentinel failover-timeout ${masterName} ${failoverTimeoutMs}`,
    ...(user === undefined ? [] : [`sentinel auth-user ${masterName} ${user}`]),
    ...(secret === undefined ? [] : [`sentinel auth-pass ${masterName} ${quote(secret)}`]),
  ];
}

/** Redis 7 lets sentinels ask and announce more often than every ten and two seconds; older ones just take longer. */
async function hurry(sentinel: RedisServer): Promise<void> {
  const periods = ['info-period', '200', 'publish-period', '100', 'ping-period', '100', 'ask-period', '100'];
  await sentinel.command('SENTINEL', 'DEBUG', ...periods).catch(() => {});
}

async function allKnow(
  sentinels: readonly RedisServer[],
  masterName: string,
  replicas: number,
): Promise<boolean> {
  for (const sentinel of sentinels) {
    const known = pairs(await sentinel.command('SENTINEL', 'MASTER', masterName));
    if (known.get('flags') !== 'master') return false;
    if (known.get('num-slaves') !== String(replicas)) return false;
    if (known.get('num-other-sentinels') !== String(sentinels.length - 1)) return false;
    for (const others of ['REPLICAS', 'SENTINELS']) {
      const list = await sentinel.command('SENTINEL', others, masterName);
      if (
        !Array.isArray(list) ||
        list.some((each) => /down|disconnected/.test(pairs(each).get('flags') ?? ''))
      )
        return false;
    }
  }
  return true;
}

function group(
  masterName: string,
  replication: Replication,
  sentinels: readonly RedisServer[],
  stop: () => Promise<void>,
): SentinelGroup {
  const servers = [replication.master, ...replication.replicas];
  const named = async (sentinel: RedisServer): Promise<RedisServer | undefined> => {
    const address = await sentinel.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', masterName);
    return servers.find(({ port }) => Array.isArray(address) && address[1] === String(port));
  };
  const running = () => sentinels.filter(({ pid }) => pid !== undefined);

  const currentMaster = async (): Promise<RedisServer> => {
    const [first] = running();
    const master = first && (await named(first));
    if (master === undefined)
      throw new RedisServerError('NOT_READY', `no running sentinel names a master of ${masterName}.`);
    return master;
  };

  const failover = async (): Promise<RedisServer> => {
    const old = await currentMaster();
    await old.kill();
    let next: RedisServer | undefined;
    await waitUntil(
      async () => {
        const names = new Set(await Promise.all(running().map(named)));
        [next] = names;
        if (names.size !== 1 || next === undefined || next === old) return false;
        const role = await next.command('ROLE');
        return Array.isArray(role) && role[0] === 'master';
      },
      { what: 'the sentinels have promoted a replica', timeoutMs: 30_000 },
    );
    return next!;
  };

  return {
    ...replication,
    masterName,
    sentinels,
    currentMaster,
    failover,
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
