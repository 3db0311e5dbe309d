import { type Command, SETTLED, WRITTEN } from './command.js';
import type { Connection } from './connection.js';
import type { Engine } from './engine.js';
import { ConnectionLostError, type Delivery } from './errors.js';
import { pause } from './pause.js';

/** How long a cancelled command may take to end before its connection is closed. */
const CANCEL_MS = 2_000;
/** UNBLOCK finds nothing when it overtakes the command on the way to the server. */
const AGAIN_MS = 20;

/** The error that a cancelled command ends with, given how far it had come. */
export type Ending = (delivery: Delivery) => Error;

/**
 * Ends a command that waits at the server, without losing what it may have taken already: CLIENT UNBLOCK on another
 * connection, then its own reply. An element that came resolves the call; nothing came, and it rejects with its ending.
 *
 * Resolves when no UNBLOCK is under way any more, so that none can hit the next command on the connection.
 */
export async function cancelBlocking(
  engine: Engine,
  connection: Connection,
  command: Command,
  ending: Ending,
): Promise<void> {
  if (command.state === SETTLED) return;
  if (command.state !== WRITTEN) {
    command.reject(ending({ maybeExecuted: false, phase: 'queued' }));
    return;
  }
  command.answerWhenEmpty(ending({ maybeExecuted: false, phase: 'written' }));
  const giveUpAt = performance.now() + CANCEL_MS;
  while (isOpen(command) && performance.now() < giveUpAt) {
    if (!(await unblock(engine, connection, giveUpAt))) break;
    await pause(AGAIN_MS);
  }
  if (!isOpen(command)) return;
  const error = ending({ maybeExecuted: true, phase: 'written' });
  command.reject(error);
  connection.destroy(new ConnectionLostError({ maybeExecuted: true, phase: 'written', cause: error }));
}

/** False when that cannot be done: the server does not let us, or does not answer. */
async function unblock(engine: Engine, connection: Connection, giveUpAt: number): Promise<boolean> {
  const { id } = connection;
  if (id === undefined) return false;
  const timeoutMs = Math.max(1, giveUpAt - performance.now());
  try {
    // It may be about to come up, or not have been needed so far.
    if (engine.connection === undefined) {
      engine.dial();
      await engine.status.until('ready', { timeoutMs });
    }
    const { connection: shared } = engine;
    // On another server it is somebody else's number.
    if (shared === undefined || shared.address !== connection.address) return false;
    const [reply] = await shared.exchange([['CLIENT', 'UNBLOCK', id]], timeoutMs);
    return typeof reply === 'number';
  } catch (error) {
    // An UNBLOCK that is still under way must not hit the next command on that connection.
    connection.destroy(new ConnectionLostError({ maybeExecuted: true, phase: 'written', cause: error }));
    return false;
  }
}

// Its state changes while we wait, which the compiler does not see.
function isOpen(command: Command): boolean {
  return command.state !== SETTLED;
}
