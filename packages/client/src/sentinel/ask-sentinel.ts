import type { BatchReply } from '../command.js';
import { Connection } from '../connection.js';
import { ConnectError, TimeoutError } from '../errors.js';
import { type SentinelOptions, sentinelConnectionOptions } from './sentinel-connection-options.js';
import { masterOf, othersOf, replicasOf } from './sentinel-replies.js';
import { addressText, isServerAddress, type ServerAddress } from './server-address.js';

/** What a sentinel says about a master. */
export interface SentinelAnswer {
  /** Where the wanted server is; several when it is any replica. Never empty. */
  readonly servers: readonly ServerAddress[];
  /** The other sentinels that it knows. */
  readonly sentinels: readonly ServerAddress[];
}

/**
 * Asks one sentinel where the master, or its replicas, are, over a connection of its own. Ends within `sentinelTimeoutMs`.
 *
 * @throws ConnectError whose address says which sentinel
 */
export async function askSentinel(
  sentinel: ServerAddress,
  options: SentinelOptions,
  signal: AbortSignal,
): Promise<SentinelAnswer> {
  const who = `sentinel ${addressText(sentinel)}`;
  const [servers, sentinels] = await query(sentinel, options, signal).catch((error: Error) => {
    throw unanswered(sentinel, error);
  });
  const { name, role } = options;
  const found = role === 'master' ? [masterOf(servers, name, who)] : replicasOf(servers, name, who);
  const toDial = (address: ServerAddress): ServerAddress => mapped(address, options);
  return { servers: found.map(toDial), sentinels: othersOf(sentinels).map(toDial) };
}

/** The address to dial for one that a sentinel has told. @throws ConnectError when `mapAddress` fails */
export function mapped(address: ServerAddress, { mapAddress }: SentinelOptions): ServerAddress {
  if (mapAddress === undefined) return address;
  let given: unknown;
  let cause: unknown;
  try {
    given = mapAddress(address);
  } catch (error) {
    cause = error;
  }
  if (isServerAddress(given)) return { host: given.host, port: given.port };
  throw new ConnectError('CONNECT_FAILED', {
    address: addressText(address),
    problem: cause === undefined ? 'mapAddress must give { host, port } for it' : 'mapAddress failed for it',
    retryable: cause !== undefined,
    cause,
  });
}

async function query(
  sentinel: ServerAddress,
  options: SentinelOptions,
  signal: AbortSignal,
): Promise<BatchReply[]> {
  const where = options.role === 'master' ? 'GET-MASTER-ADDR-BY-NAME' : 'REPLICAS';
  const startedAt = performance.now();
  const connection = await Connection.open(sentinelConnectionOptions(options, sentinel), {}, signal);
  const giveUp = (): void => connection.destroy(signal.reason as Error);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    return await connection.exchange(
      [
        ['SENTINEL', where, options.name],
        ['SENTINEL', 'SENTINELS', options.name],
      ],
      Math.max(1, options.sentinelTimeoutMs - (performance.now() - startedAt)),
    );
  } finally {
    signal.removeEventListener('abort', giveUp);
    connection.destroy();
  }
}

function unanswered(sentinel: ServerAddress, error: Error): ConnectError {
  const address = addressText(sentinel);
  const { code, retryable } =
    error instanceof ConnectError
      ? error
      : ({
          code: error instanceof TimeoutError ? 'CONNECT_TIMEOUT' : 'CONNECT_FAILED',
          retryable: true,
        } as const);
  const advice = code === 'AUTH_FAILED' ? ' (for a sentinel: sentinelUsername and sentinelPassword)' : '';
  const problem = error.message.replace(`cannot connect to ${address}: `, '') + advice;
  return new ConnectError(code, { address: `sentinel ${address}`, problem, retryable, cause: error });
}
