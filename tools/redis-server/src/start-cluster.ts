import { RedisServerError } from './errors.js';
import { parseInfo } from './info.js';
import type { RedisServer } from './redis-server.js';
import type { ServerOptions } from './server-options.js';
import { withSharedTls } from './shared-tls.js';
import { startAll, startEach, stopAll } from './start-all.js';
import { startServer } from './start-server.js';
import { waitUntil } from './wait-until.js';

const slotCount = 16_384;

/** A cluster of masters. */
export interface ClusterOptions {
  /** At least 3, the least that can agree on a failure. @default 3 */
  readonly masters?: number;
  /** In ms (`cluster-node-timeout`). @default 2000 */
  readonly nodeTimeoutMs?: number;
  /** For each node. */
  readonly server?: Omit<ServerOptions, 'port' | 'mode'>;
}

/** Running masters, which share the slots in equal ranges by their order. */
export interface Cluster extends AsyncDisposable {
  readonly nodes: readonly RedisServer[];
  stop(): Promise<void>;
}

/**
 * Starts the nodes, assigns all slots, and waits until every node sees every other and finds the cluster's state ok.
 *
 * @throws {@link RedisServerError} as `startServer`
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const { masters = 3, nodeTimeoutMs = 2000 } = options;
  if (!Number.isInteger(masters) || masters < 3) {
    throw new RedisServerError('INVALID_OPTION', `masters is ${masters}, and a cluster has at least 3.`);
  }
  const server = await withSharedTls(options.server ?? {});
  const config = [`cluster-node-timeout ${nodeTimeoutMs}`, ...(server.config ?? [])];
  return startAll(async (started) => {
    const nodes = await startEach(
      Array.from({ length: masters }, () => startServer({ ...server, mode: 'cluster', config })),
      started,
    );
    await Promise.all(nodes.map(assignSlots));
    await introduce(nodes);
    await waitUntil(
      async () => (await Promise.all(nodes.map((node) => isOk(node, masters)))).every(Boolean),
      {
        what: 'cluster_state is ok on every node',
        timeoutMs: server.readyTimeoutMs,
      },
    );
    const stop = () => stopAll(started);
    return { nodes, stop, [Symbol.asyncDispose]: stop };
  });
}

/** ADDSLOTS with every number, since ADDSLOTSRANGE came with 7.0. Epochs that differ from the start spare the nodes a dispute. */
async function assignSlots(
  node: RedisServer,
  index: number,
  { length }: readonly RedisServer[],
): Promise<void> {
  const first = Math.floor((slotCount * index) / length);
  const end = Math.floor((slotCount * (index + 1)) / length);
  await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1));
  await node.command(
    'CLUSTER',
    'ADDSLOTS',
    ...Array.from({ length: end - first }, (_, slot) => String(first + slot)),
  );
}

/** Everybody meets everybody, which is quicker than waiting for gossip. */
async function introduce(nodes: readonly RedisServer[]): Promise<void> {
  for (const node of nodes) {
    for (const other of nodes) {
      if (other !== node) await node.command('CLUSTER', 'MEET', other.host, String(other.port));
    }
  }
}

async function isOk(node: RedisServer, masters: number): Promise<boolean> {
  const state = parseInfo(await node.command('CLUSTER', 'INFO'));
  return (
    state.get('cluster_state') === 'ok' &&
    state.get('cluster_known_nodes') === String(masters) &&
    state.get('cluster_slots_ok') === String(slotCount)
  );
}
