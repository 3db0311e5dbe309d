import type { QueueType } from '../queue/queue.js';
import type { QueueOptions } from '../queue/queue-options.js';
import { checkFunction, checkInteger, checkOneOf } from '../store/checks.js';
import type { ChannelLogOptions } from '../store/redis-channel-store.js';

/** What could not be read, and was left out. */
export interface BadRecord {
  readonly channelId: string;
  /** `undefined` when it is the channel itself. */
  readonly listenerId?: string | undefined;
}

/** Options of {@link RedisConnectionsRepository}. Durations are in ms. */
export interface ConnectionsRepositoryOptions {
  /** Which class of queue is made; kept with each listener. @default 'plain' (`RedisQueue`) */
  readonly queueType?: QueueType | undefined;
  /** Bounds of queues. */
  readonly queue?: QueueOptions | undefined;
  /** What channels' logs keep, and how they are read: options of `StreamLog`. */
  readonly log?: ChannelLogOptions | undefined;
  /** Listeners that were not seen for so long are forgotten. @default 2_592_000_000 (30 days) */
  readonly listenerTtlMs?: number | undefined;
  /** A listener counts as present for so long after its process has last said so, which it does every 25 s. @default 60_000 */
  readonly presenceMs?: number | undefined;
  /** How long a listener that was removed or ended is answered with a final stop. @default 86_400_000 (a day) */
  readonly stopTtlMs?: number | undefined;
  /** Told of what is left out, as it cannot be read. @default `process.emitWarning` */
  readonly onError?: ((error: Error, record: BadRecord) => void) | undefined;
  /** What cannot be read is thrown instead. @default false */
  readonly strict?: boolean | undefined;
}

export interface ResolvedConnectionsOptions {
  readonly queueType: QueueType;
  readonly queue: QueueOptions;
  readonly log: ChannelLogOptions;
  readonly directory: {
    readonly listenerTtlMs: number;
    readonly presenceMs: number;
    readonly stopTtlMs: number;
  };
  /** Reports a record that cannot be read, or throws. */
  readonly bad: (error: Error, record: BadRecord) => void;
}

const QUEUE_TYPES: readonly QueueType[] = ['plain', 'blocking'];
const DAY_MS = 86_400_000;

/** @throws InvalidOptionError */
export function resolveConnectionsOptions(options: ConnectionsRepositoryOptions): ResolvedConnectionsOptions {
  const { queueType = 'plain', queue = {}, log = {}, strict = false } = options;
  const { listenerTtlMs = 30 * DAY_MS, presenceMs = 60_000, stopTtlMs = DAY_MS } = options;
  const { onError = (error: Error) => process.emitWarning(error) } = options;
  checkOneOf(queueType, 'queueType', QUEUE_TYPES);
  checkInteger(listenerTtlMs, 'listenerTtlMs', 1_000);
  checkInteger(presenceMs, 'presenceMs', 1_000, listenerTtlMs);
  checkInteger(stopTtlMs, 'stopTtlMs', 1, listenerTtlMs);
  checkFunction(onError, 'onError');
  return {
    queueType,
    queue,
    log,
    directory: { listenerTtlMs, presenceMs, stopTtlMs },
    bad: (error, record) => {
      if (strict) throw error;
      onError(error, record);
    },
  };
}
