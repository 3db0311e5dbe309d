import { RedisError } from '@redlane/resp3-core';
import type { Connection } from '../connection.js';
import { ConnectError } from '../errors.js';

/** Which of a master's servers a client is for. */
export type ServerRole = 'master' | 'replica';

/**
 * Rejects unless the server has this role: what a sentinel says may be out of date. In RESP3 the server has told its role
 * in reply to HELLO; in RESP2 it is asked by ROLE, for which a user may have no right, and then the sentinel is believed.
 *
 * @throws ConnectError `CONNECT_FAILED`
 */
export async function checkRole(connection: Connection, wanted: ServerRole): Promise<void> {
  const role = connection.server?.role ?? (await askRole(connection)) ?? wanted;
  if (role === wanted) return;
  throw new ConnectError('CONNECT_FAILED', {
    address: connection.address,
    problem: `it says that it is a ${role}, and a ${wanted} is wanted`,
    retryable: true,
  });
}

async function askRole(connection: Connection): Promise<string | undefined> {
  const [reply] = await connection.exchange([['ROLE']]).catch((cause: Error) => {
    const problem = `it did not say its role: ${cause.message}`;
    throw new ConnectError('CONNECT_FAILED', {
      address: connection.address,
      problem,
      retryable: true,
      cause,
    });
  });
  if (reply instanceof RedisError) return undefined;
  const role = Array.isArray(reply) ? String(reply[0]) : 'server without a role';
  return role === 'slave' ? 'replica' : role;
}
