/** A connection of ioredis (`Redis`, 5.4 or later), standalone or found by sentinels, by what tells it from other things. */
export interface IoredisRedis {
  readonly status: string;
  readonly options: object;
  duplicate(...args: never[]): unknown;
  callBuffer(...args: never[]): unknown;
  pipeline(...args: never[]): unknown;
  disconnect(...args: never[]): unknown;
  on(...args: never[]): unknown;
}

/** A cluster of ioredis (`Cluster`, 5.4 or later). */
export interface IoredisCluster extends IoredisRedis {
  readonly isCluster: boolean;
  readonly slots: readonly (readonly string[])[];
  nodes(...args: never[]): unknown;
}

/** How arguments are handed to ioredis, which takes no other bytes than a `Buffer`. */
export type Word = string | Buffer;

type Listener = (...args: never[]) => void;

interface Emitter {
  on(event: string, listener: Listener): unknown;
  off(event: string, listener: Listener): unknown;
}

export interface Pipeline {
  callBuffer(name: string, args: readonly Word[]): unknown;
  exec(): Promise<readonly (readonly [error: Error | null, reply?: unknown])[] | null>;
}

/** What the driver calls of a `Redis`: the same in 5 and 6. */
export interface Redis extends Emitter {
  readonly status: string;
  readonly options: RedisOptions;
  /** Its socket, once there has been one. */
  readonly stream?:
    | { readonly remoteAddress?: string; readonly remotePort?: number; pause(): unknown; resume(): unknown }
    | undefined;
  connect(): Promise<unknown>;
  disconnect(): void;
  duplicate(overrides: object): Redis;
  /** With the arguments in one array: a spread of very many would overflow the stack. */
  callBuffer(name: string, args: readonly Word[]): Promise<unknown>;
  call(name: string, args: readonly Word[]): Promise<unknown>;
  pipeline(): Pipeline;
}

/** What the driver reads of a `Redis`'s options. */
export interface RedisOptions {
  readonly host?: string | undefined;
  readonly port?: number | string | undefined;
  readonly path?: string | undefined;
  readonly name?: string | null | undefined;
  readonly sentinels?: readonly unknown[] | null | undefined;
  readonly keyPrefix?: unknown;
  readonly connectTimeout?: number | undefined;
  readonly retryStrategy?: unknown;
  readonly replyMapping?: string | undefined;
  readonly protocol?: number | undefined;
  readonly autoResendUnfulfilledCommands?: boolean | undefined;
}

export interface ClusterOptions {
  readonly keyPrefix?: unknown;
  readonly redisOptions?: RedisOptions | undefined;
  readonly clusterRetryStrategy?: unknown;
  readonly slotsRefreshInterval?: number | undefined;
  readonly natMap?: unknown;
}

/** What the driver calls of a `Cluster`. */
export interface Cluster extends Emitter {
  readonly status: string;
  readonly options: ClusterOptions;
  readonly slots: readonly (readonly string[] | undefined)[];
  connect(): Promise<unknown>;
  disconnect(): void;
  duplicate(nodes: readonly unknown[], overrides: object): Cluster;
  nodes(role: 'all' | 'master'): readonly Redis[];
  refreshSlotsCache(callback: (error?: Error) => void): void;
}

/** Whether this is a `Redis` or `Cluster` of ioredis. */
export function isIoredis(value: unknown): value is IoredisRedis | IoredisCluster {
  if (typeof value !== 'object' || value === null) return false;
  const { status, options, callBuffer, duplicate, pipeline } = value as Partial<IoredisRedis>;
  return (
    typeof status === 'string' &&
    typeof options === 'object' &&
    [callBuffer, duplicate, pipeline].every((method) => typeof method === 'function')
  );
}

export function isCluster(client: IoredisRedis | IoredisCluster): client is IoredisCluster {
  return (client as Partial<IoredisCluster>).isCluster === true;
}

/** Address of the server's end of its connection; `undefined` for a unix socket. */
export function peerOf({ stream }: Redis): string | undefined {
  return stream?.remoteAddress === undefined ? undefined : `${stream.remoteAddress}:${stream.remotePort}`;
}
