import type { CommandArgument } from '@redlane/resp3-core';
import { CommandRefusedError } from '../errors.js';
import { commandName, routeOf } from '../routing.js';

/** Where a driver is asked to send a command. */
export type DriverPlace = 'shared' | 'batch' | 'atomic' | 'lease' | 'lease-batch' | 'lease-atomic';

/** State that a lease may have, since its connection is reset or replaced afterwards. */
const ON_LEASES: ReadonlySet<string> = new Set(['WATCH', 'UNWATCH', 'WAIT', 'WAITAOF']);

const INSTEAD: Readonly<Record<string, string>> = {
  MULTI: 'use batch() with atomic: true',
  EXEC: 'use batch() with atomic: true',
  DISCARD: 'use batch() with atomic: true',
  WATCH: 'use lease(), and batch() with atomic: true on it',
  UNWATCH: 'use lease()',
  WAIT: 'use lease() for the writes and for it',
  WAITAOF: 'use lease() for the writes and for it',
  SELECT: 'make a driver for that database',
  ASKING: 'leave that to the driver',
  READONLY: 'leave that to the driver',
  READWRITE: 'leave that to the driver',
  CLIENT: 'use a RedisClient for it',
  RESET: 'dispose the lease, which resets its connection when it has to',
};

/**
 * Refuses what no driver sends: commands that change a connection for those who use it next, and commands that wait at the
 * server unless they have a lease to themselves.
 *
 * @throws CommandRefusedError (`COMMAND_REFUSED`)
 */
export function checkDriverCommand(args: readonly CommandArgument[], place: DriverPlace): void {
  const route = routeOf(args);
  if (route === undefined) return;
  const name = commandName(args[0]);
  const exclusive = place.startsWith('lease');
  if (route.refusal !== undefined && !(exclusive && ON_LEASES.has(name) && place !== 'lease-atomic')) {
    const { reason, instead } = route.refusal;
    throw new CommandRefusedError(name, { reason, instead: INSTEAD[name] ?? instead });
  }
  // Between MULTI and EXEC nothing waits.
  if (place === 'lease' || place.endsWith('atomic') || route.blockingTimeoutMs(args) === undefined) return;
  throw new CommandRefusedError(name, {
    reason: 'it may wait at the server, and would hold up every command after it',
    instead: 'use lease() and its send()',
  });
}

/** How long a command may wait at the server, in ms; `undefined` when it does not. */
export function blockingTimeoutMs(args: readonly CommandArgument[]): number | undefined {
  return routeOf(args)?.blockingTimeoutMs(args);
}
