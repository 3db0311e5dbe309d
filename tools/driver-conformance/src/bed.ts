import {
  type FaultProxy,
  isAtLeast,
  type RedisServer,
  type Reply,
  startCluster,
  startFaultProxy,
  startSentinel,
  startServer,
} from '@redlane/redis-server';
import { key } from './context.js';
import type { Address, Place } from './driver-maker.js';
import { until } from './until.js';

export type Topology = Place['topology'];

/** A connection as a server knows it: another server may give the same number to another one. */
export interface ServerClient {
  readonly server: RedisServer;
  readonly id: string;
}

/** What a driver is tested on: the servers, and ways to look at them and to mistreat them. */
export class Bed implements AsyncDisposable {
  readonly place: Place;
  /** Between driver and server, with one server only. */
  readonly proxy: FaultProxy | undefined;
  /**
   * Kills the master of the keys that the tests use. With sentinels another server takes over; a single server, or a node
   * of a cluster, comes back without its data.
   */
  readonly loseMaster: () => Promise<void>;
  readonly #masters: () => Promise<readonly RedisServer[]>;
  readonly #stop: () => Promise<void>;

  static async start(topology: Topology): Promise<Bed> {
    if (topology === 'sentinel') {
      const group = await startSentinel();
      const place: Place = { topology, name: group.masterName, sentinels: group.sentinels.map(addressOf) };
      const loseMaster = async (): Promise<void> => {
        await group.failover();
      };
      return new Bed(place, async () => [await group.currentMaster()], loseMaster, group.stop);
    }
    if (topology === 'cluster') {
      const cluster = await startCluster();
      const place: Place = { topology, nodes: cluster.nodes.map(addressOf) };
      const loseMaster = async (): Promise<void> => {
        const owner = await ownerOf(cluster.nodes, key('any'));
        await owner.restart('SIGKILL');
        await until(async () => /cluster_state:ok/.test(String(await owner.command('CLUSTER', 'INFO'))));
      };
      return new Bed(place, () => Promise.resolve(cluster.nodes), loseMaster, cluster.stop);
    }
    const server = await startServer();
    const proxy = await startFaultProxy({ target: server });
    const place: Place = { topology, host: proxyHost, port: proxy.port };
    const stop = async (): Promise<void> => {
      await proxy.close();
      await server.stop();
    };
    return new Bed(
      place,
      () => Promise.resolve([server]),
      () => server.restart('SIGKILL'),
      stop,
      proxy,
    );
  }

  private constructor(
    place: Place,
    masters: () => Promise<readonly RedisServer[]>,
    loseMaster: () => Promise<void>,
    stop: () => Promise<void>,
    proxy?: FaultProxy,
  ) {
    this.place = place;
    this.proxy = proxy;
    this.#masters = masters;
    this.loseMaster = loseMaster;
    this.#stop = stop;
  }

  masters(): Promise<readonly RedisServer[]> {
    return this.#masters();
  }

  /** Sends a command to the master that has its keys, past the driver, and gives the reply in RESP2's shape. */
  async raw(...args: readonly string[]): Promise<Reply> {
    const masters = await this.#masters();
    let moved: unknown;
    for (const master of masters) {
      try {
        return await master.command(...args);
      } catch (error) {
        if ((error as { code?: string }).code !== 'MOVED') throw error;
        moved = error;
      }
    }
    throw moved;
  }

  async everywhere(...args: readonly string[]): Promise<Reply[]> {
    return Promise.all((await this.#masters()).map((master) => master.command(...args)));
  }

  async hasShards(): Promise<boolean> {
    const [first] = await this.#masters();
    return first !== undefined && isAtLeast(first.version, '7.0.0');
  }

  /** Connections that a driver has subscribed on. */
  subscribers(): Promise<ServerClient[]> {
    return this.#clients(({ sub, psub, ssub = '0' }) => [sub, psub, ssub].some((count) => count !== '0'));
  }

  /** Connections on which a command waits. */
  blocked(): Promise<ServerClient[]> {
    return this.#clients(({ flags = '' }) => flags.includes('b'));
  }

  async untilBlocked(count = 1): Promise<void> {
    await until(async () => (await this.blocked()).length === count);
  }

  /** Ends connections by CLIENT KILL. */
  async kill(clients: readonly ServerClient[]): Promise<void> {
    for (const { server, id } of clients) await server.command('CLIENT', 'KILL', 'ID', id);
  }

  /** Ends every connection of a driver by CLIENT KILL. */
  async killAll(): Promise<void> {
    await this.everywhere('CLIENT', 'KILL', 'TYPE', 'normal');
    await this.everywhere('CLIENT', 'KILL', 'TYPE', 'pubsub');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop();
  }

  async #clients(wanted: (client: Record<string, string>) => boolean): Promise<ServerClient[]> {
    const lists = (await this.#masters()).map(async (server) =>
      String(await server.command('CLIENT', 'LIST'))
        .trim()
        .split('\n')
        .map((line) => Object.fromEntries(line.split(' ').map(field)))
        .filter((client) => wanted(client) && !isOfServer(client))
        .map(({ id }) => ({ server, id: String(id) })),
    );
    return (await Promise.all(lists)).flat();
  }
}

const proxyHost = '127.0.0.1';

async function ownerOf(nodes: readonly RedisServer[], name: string): Promise<RedisServer> {
  for (const node of nodes) {
    const found = await node.command('EXISTS', name).catch(() => undefined);
    if (found !== undefined) return node;
  }
  throw new Error(`no node has ${name}`);
}

function addressOf({ host, port }: RedisServer): Address {
  return { host, port };
}

function field(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Sentinels subscribe, too. */
function isOfServer({ name = '' }: Record<string, string>): boolean {
  return name.startsWith('sentinel-');
}
