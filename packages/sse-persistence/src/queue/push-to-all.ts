import { RepositoryError } from '../exceptions.js';
import type { MessageContract } from '../message/message.js';
import type { Queue } from './queue.js';

/** Pushes to all queues at once; a failure keeps the message from no other. @throws RepositoryError with all failures as its cause */
export async function pushToAll(queues: readonly Queue[], message: MessageContract): Promise<void> {
  const pushed = await Promise.allSettled(queues.map((queue) => queue.push(message)));
  const failures = pushed.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (failures.length === 0) return;
  const what = `pushing to ${failures.length} of ${queues.length} queues`;
  throw new RepositoryError(what, new AggregateError(failures, String(failures[0])));
}
