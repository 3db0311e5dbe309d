import { setMaxListeners } from 'node:events';
import type { FromChild, ToChild } from './process-messages.js';

/** What a process of the desk does, once it has started. */
export interface ChildDuties {
  /** Where it is to be reached, if it is. */
  readonly port?: number;
  /** Services that should not end by themselves; when one fails, the process ends, and the supervisor starts another. */
  readonly running: readonly Promise<unknown>[];
  onMessage?(message: Exclude<ToChild, { type: 'stop' }>): void;
  stop(): Promise<void>;
}

/**
 * Runs a child of the supervisor: it says when it is ready, ends when it is told to, and ends at once when its supervisor is
 * gone, however that happened. Ctrl-C is the supervisor's business, though the terminal tells everybody.
 */
export async function runChild(start: (signal: AbortSignal) => Promise<ChildDuties>): Promise<void> {
  process.once('disconnect', () => process.exit());
  if (!process.connected) process.exit();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);

  const early: ToChild[] = [];
  let handle = (message: ToChild): void => void early.push(message);
  process.on('message', (message) => handle(message as ToChild));

  const ending = new AbortController();
  // Each call that is under way may listen to it.
  setMaxListeners(0, ending.signal);
  const { port, running, onMessage, stop } = await start(ending.signal);
  handle = (message) => {
    if (message.type !== 'stop') return onMessage?.(message);
    ending.abort();
    void stop().then(() => process.exit());
  };
  for (const message of early) handle(message);
  Promise.all(running).catch((error) => {
    console.error(error);
    process.exit(1);
  });
  const ready: FromChild = { type: 'ready', ...(port === undefined ? {} : { port }) };
  process.send?.(ready);
}
