import { routeOf } from '@redlane/client';
import { commandName } from './command-name.js';
import { RedisProtocolException } from './errors.js';
import type { RedisCommand } from './redis-commands.js';

/** What to do instead, where it has another name here than in the client. */
const INSTEAD: Readonly<Record<string, string>> = {
  QUIT: 'use shutdown()',
  RESET: 'use release(), after which the connection is reset by itself',
};

/**
 * Turns down what cannot be sent there, before anything is sent.
 *
 * @throws RedisProtocolException (`INVALID_COMMAND`, `COMMAND_REFUSED`)
 */
export function checkCommand(command: RedisCommand, exclusive: boolean): void {
  if (commandName(command[0]) === '') {
    throw new RedisProtocolException('INVALID_COMMAND', 'a command needs a name at least');
  }
  const route = routeOf(command);
  const refusal = route?.refusal;
  if (refusal === undefined || (exclusive && refusal.exclusive)) return;
  const name = commandName(command[0]);
  const own = refusal.exclusive ? 'take a connection of your own with getConnection()' : undefined;
  const instead = route?.pushReplied
    ? 'use subscribe() and its like'
    : (own ?? INSTEAD[name] ?? refusal.instead);
  throw new RedisProtocolException('COMMAND_REFUSED', `${name} was not sent: ${refusal.reason}; ${instead}`);
}
