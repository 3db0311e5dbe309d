import { RedisError } from '@redlane/resp3-core';
import type { BatchReply } from '../command.js';
import { ConnectError } from '../errors.js';
import { fieldsOf } from '../server-info.js';
import { isServerAddress, type ServerAddress } from './server-address.js';

type Fields = ReadonlyMap<string | undefined, unknown>;
type Reply = BatchReply | undefined;

/** The master in a reply to GET-MASTER-ADDR-BY-NAME. `sentinel` is who gave it, for messages. @throws ConnectError */
export function masterOf(reply: Reply, name: string, sentinel: string): ServerAddress {
  refuseErrors(reply, name, sentinel);
  const [host, port] = Array.isArray(reply) ? reply : [];
  const master = { host, port: Number(port) };
  if (isServerAddress(master)) return master;
  throw refusal(sentinel, 'it does not answer as a sentinel does; check sentinels', false);
}

/** The replicas that can be used, of those in a reply to REPLICAS. @throws ConnectError when there are none */
export function replicasOf(reply: Reply, name: string, sentinel: string): ServerAddress[] {
  refuseErrors(reply, name, sentinel);
  const replicas = addressesOf(reply, (fields) => isUp(fields) && fields.get('master-link-status') === 'ok');
  if (replicas.length > 0) return replicas;
  throw refusal(sentinel, `it knows no replica of ${JSON.stringify(name)} that is up and in sync`, true);
}

/** The other sentinels, in a reply to SENTINELS; none in anything else. */
export function othersOf(reply: Reply): ServerAddress[] {
  return addressesOf(reply, isUp);
}

function addressesOf(reply: Reply, wanted: (fields: Fields) => boolean): ServerAddress[] {
  if (!Array.isArray(reply)) return [];
  return reply.flatMap((each) => {
    const fields = fieldsOf(each);
    const address = { host: fields?.get('ip'), port: Number(fields?.get('port')) };
    return fields !== undefined && wanted(fields) && isServerAddress(address) ? [address] : [];
  });
}

function isUp(fields: Fields): boolean {
  const flags = String(fields.get('flags')).split(',');
  return !['s_down', 'o_down', 'disconnected'].some((flag) => flags.includes(flag));
}

function refuseErrors(reply: Reply, name: string, sentinel: string): void {
  if (reply === null || (reply instanceof RedisError && /no such master/i.test(reply.message))) {
    throw refusal(sentinel, `it knows no master named ${JSON.stringify(name)}; check name`, false);
  }
  if (!(reply instanceof RedisError)) return;
  const stranger = /unknown command/i.test(reply.message);
  throw refusal(sentinel, stranger ? 'it is no sentinel; check sentinels' : reply.message, !stranger, reply);
}

function refusal(sentinel: string, problem: string, retryable: boolean, cause?: unknown): ConnectError {
  return new ConnectError('CONNECT_FAILED', { address: sentinel, problem, retryable, cause });
}
