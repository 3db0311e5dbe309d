import { InvalidOptionError } from '../errors.js';
import { bound, deadline, duration, flag, integer, record } from '../option-checks.js';
import { isCluster, isIoredis } from './ioredis-like.js';

/** Options of {@link ioredisDriver}. What is left out, or `undefined`, has its default. */
export interface IoredisDriverOptions {
  /**
   * Send commands over the instance that was passed in, instead of a duplicate. It saves a connection (in a cluster one a
   * node), and makes commands *at least once*: ioredis sends again by itself what had no reply when a connection was lost,
   * unless its `autoResendUnfulfilledCommands` is off. Leases and subscriptions have connections of their own all the same.
   * @default false
   */
  readonly share?: boolean | undefined;
  /** Deadline of a command, from the call to the reply, in ms; 0 or `Infinity`: none. @default 5_000 */
  readonly timeoutMs?: number | undefined;
  /** Connections for leases at most. @default 50 */
  readonly maxLeases?: number | undefined;
  /** How long a caller waits for a lease, in ms; 0 or `Infinity`: for ever. @default 5_000 */
  readonly leaseTimeoutMs?: number | undefined;
  /**
   * A command that waits at the server for longer than so many ms is sent again and again with this timeout, so that a dead
   * peer is noticed. @default 3_000
   */
  readonly blockSliceMs?: number | undefined;
  /** A waiting command that is silent for so many ms after its timeout has lost its server. @default 2_000 */
  readonly blockingGraceMs?: number | undefined;
  /** An idle connection is checked by PING every so many ms; 0 or `Infinity`: never. @default 30_000 */
  readonly pingIntervalMs?: number | undefined;
  /** A connection that owes replies and sends none for so many ms is replaced; 0 or `Infinity`: never. @default 15_000 */
  readonly silenceTimeoutMs?: number | undefined;
  /** Bounds of what waits and what is unanswered. */
  readonly limits?: { /** Commands. @default 100_000 */ readonly commands?: number | undefined } | undefined;
}

/** Every option with its value; durations that are off are `Infinity`. */
export interface Settings {
  readonly share: boolean;
  readonly timeoutMs: number;
  readonly maxLeases: number;
  readonly leaseTimeoutMs: number;
  readonly blockSliceMs: number;
  readonly blockingGraceMs: number;
  readonly pingIntervalMs: number;
  readonly silenceTimeoutMs: number;
  readonly maxCommands: number;
}

const schema = {
  share: [false, flag],
  timeoutMs: [5_000, deadline],
  maxLeases: [50, integer(1)],
  leaseTimeoutMs: [5_000, deadline],
  blockSliceMs: [3_000, integer(1, 60_000)],
  blockingGraceMs: [2_000, duration],
  pingIntervalMs: [30_000, deadline],
  silenceTimeoutMs: [15_000, deadline],
} as const;

/** Options with their defaults. @throws InvalidOptionError (`INVALID_OPTION`) naming the option */
export function resolveSettings(options: IoredisDriverOptions): Settings {
  const { limits = {}, ...given } = record(options, 'options') as IoredisDriverOptions;
  refuseUnknown(given, schema, '');
  refuseUnknown(record(limits, 'limits') as object, { commands: 0 }, 'limits.');
  const maxCommands = limits.commands === undefined ? 100_000 : bound(limits.commands, 'limits.commands');
  const settings: Record<string, unknown> = { maxCommands };
  for (const [name, [fallback, check]] of Object.entries(schema)) {
    const value = (given as Record<string, unknown>)[name];
    settings[name] = value === undefined ? fallback : check(value, name);
  }
  return settings as unknown as Settings;
}

/** @throws InvalidOptionError (`INVALID_OPTION`) for what is no ioredis, or is configured in a way that cannot work */
export function checkInstance(client: unknown, { share }: Settings): void {
  if (!isIoredis(client)) {
    throw new InvalidOptionError('client', 'must be a Redis or Cluster of ioredis 5.4 or later');
  }
  const own = client.options as { keyPrefix?: unknown; replyMapping?: unknown; redisOptions?: unknown };
  const ofNodes = isCluster(client) ? ((own.redisOptions ?? {}) as typeof own) : own;
  for (const { keyPrefix } of [own, ofNodes]) {
    if (keyPrefix === undefined || keyPrefix === null || String(keyPrefix) === '') continue;
    throw new InvalidOptionError(
      'keyPrefix',
      'of the ioredis instance cannot be used: ioredis does not put it before channels, patterns, what SCAN matches ' +
        'and keys that scripts make, so that keys would not be where they are looked for; pass an instance without it ' +
        'and put the prefix into the names',
    );
  }
  if (share && ofNodes.replyMapping === 'resp3') {
    throw new InvalidOptionError(
      'share',
      "needs an ioredis instance with replyMapping 'legacy': with 'resp3' field names are text and numbers are rounded " +
        'before the driver sees them; leave share out, or pass another instance',
    );
  }
}

function refuseUnknown(given: object, known: object, prefix: string): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(known, name)) throw new InvalidOptionError(prefix + name, 'is not an option');
  }
}
