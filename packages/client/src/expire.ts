import { type Command, SETTLED, WRITTEN } from './command.js';
import { type TimeoutDiagnosis, TimeoutError } from './errors.js';
import type { Ring } from './ring.js';

/** Rejects the commands whose deadline has come. Returns the earliest deadline of the others. */
export function expire(commands: Ring<Command>, now: number, diagnose: () => TimeoutDiagnosis): number {
  let next = Number.POSITIVE_INFINITY;
  for (let i = 0; i < commands.length; i++) {
    const command = commands.at(i) as Command;
    if (command.state === SETTLED) continue;
    if (command.deadline > now) next = Math.min(next, command.deadline);
    else command.reject(overdue(command, diagnose()));
  }
  return next;
}

/** Why a command ends whose deadline has come. */
export function overdue(command: Command, diagnosis: TimeoutDiagnosis): TimeoutError {
  const written = command.state === WRITTEN;
  return new TimeoutError(command.name, {
    timeoutMs: command.settings.timeoutMs,
    maybeExecuted: written,
    phase: written ? 'written' : 'queued',
    diagnosis,
  });
}
