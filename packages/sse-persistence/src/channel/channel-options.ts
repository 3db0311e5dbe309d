import { randomUUID } from 'node:crypto';
import { InvalidOptionError } from '@redlane/client';
import type { DriverSource } from '@redlane/client/driver';
import type { ConnectionRepositoryInterface } from '../repository/connection-repository.js';
import type { ConnectionsRepositoryOptions } from '../repository/connections-options.js';
import { MemoryConnectionsRepository } from '../repository/memory-connections-repository.js';
import { RedisConnectionsRepository } from '../repository/redis-connections-repository.js';
import type { SseSessionsOptions } from '../session/session-options.js';
import { SseSessions } from '../session/sse-sessions.js';
import { checkDuration, checkFunction, checkInteger, checkOneOf } from '../store/checks.js';
import { checkId } from '../store/storage-keys.js';
import { defaultPayloadAdapter, type PayloadAdapter } from './event-writer.js';

/**
 * How messages come to listeners:
 * - `log`: one log for all, from which each listener continues where it was; any number may get the same message.
 * - `pop`: a queue for each listener, from which a message is taken once, by whoever comes first, and is gone.
 */
export type DeliveryMode = 'log' | 'pop';

/** Options of {@link SSEChannel}. */
export interface SSEChannelOptions {
  /** @default a random one */
  readonly channelId?: string | undefined;
  /** Pause of a message stream behind each event, in seconds. @default 0 */
  readonly streamDelaySeconds?: number | undefined;
  /** How long clients wait before they reconnect, in ms. @default 3_000 */
  readonly retryTimeoutMilliseconds?: number | undefined;
  /** What keeps listeners, queues and events; it stays open at `close()`. @default one in memory */
  readonly connectionsRepository?: ConnectionRepositoryInterface | undefined;
  /** Instead of a repository: a driver, a client, an ioredis instance, a URL, … Closed with the channel if it was opened for it. */
  readonly driver?: DriverSource | undefined;
  /** Options of the repository that is made for `driver`. */
  readonly repository?: ConnectionsRepositoryOptions | undefined;
  /** @default 'log' where the repository has logs */
  readonly delivery?: DeliveryMode | undefined;
  /** What clients get of a payload. @default strings as they are, all else as JSON */
  readonly payloadAdapter?: PayloadAdapter | undefined;
  /** What serves HTTP: shared with other channels, or options for one of its own. @default one of its own */
  readonly sessions?: SseSessions | SseSessionsOptions | undefined;
}

export interface ResolvedChannelOptions {
  readonly channelId: string;
  readonly streamDelaySeconds: number;
  readonly retryTimeoutMilliseconds: number;
  readonly repository: ConnectionRepositoryInterface;
  /** Made for this channel, and closed with it. */
  readonly ownRepository: RedisConnectionsRepository | undefined;
  readonly delivery: DeliveryMode;
  readonly payloadAdapter: PayloadAdapter;
  readonly sessions: SseSessions;
  readonly ownsSessions: boolean;
}

export const DEFAULT_RETRY_MS: number = 3_000;

/** @throws InvalidOptionError */
export function resolveChannelOptions(options: SSEChannelOptions): ResolvedChannelOptions {
  const { channelId = randomUUID(), streamDelaySeconds = 0 } = options;
  const { retryTimeoutMilliseconds = DEFAULT_RETRY_MS, payloadAdapter = defaultPayloadAdapter } = options;
  checkId(channelId, 'channelId');
  checkDelay(streamDelaySeconds);
  checkRetry(retryTimeoutMilliseconds);
  checkFunction(payloadAdapter, 'payloadAdapter');
  const { driver, connectionsRepository, sessions = {} } = options;
  if (driver !== undefined && connectionsRepository !== undefined) {
    throw new InvalidOptionError('driver', 'cannot stand beside connectionsRepository, which has one');
  }
  const ownRepository =
    driver === undefined ? undefined : new RedisConnectionsRepository(driver, options.repository ?? {});
  const repository = connectionsRepository ?? ownRepository ?? new MemoryConnectionsRepository();
  const hasLog = repository.store !== undefined;
  const { delivery = hasLog ? 'log' : 'pop' } = options;
  if (checkOneOf(delivery, 'delivery', ['log', 'pop']) === 'log' && !hasLog) {
    throw new InvalidOptionError(
      'delivery',
      'must be "pop": this repository has no logs (it has no method store)',
    );
  }
  const ownsSessions = !(sessions instanceof SseSessions);
  return {
    channelId,
    streamDelaySeconds,
    retryTimeoutMilliseconds,
    repository,
    ownRepository,
    delivery,
    payloadAdapter,
    sessions: ownsSessions ? new SseSessions({ retryMs: retryTimeoutMilliseconds, ...sessions }) : sessions,
    ownsSessions,
  };
}

/** @throws InvalidOptionError */
export function checkDelay(seconds: unknown): number {
  return checkDuration(seconds, 'streamDelaySeconds');
}

/** @throws InvalidOptionError */
export function checkRetry(ms: unknown): number {
  return checkInteger(ms, 'retryTimeoutMilliseconds', 0);
}
