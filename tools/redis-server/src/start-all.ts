/** Something that was started and has to be stopped. */
export interface Stoppable {
  stop(): Promise<void>;
}

/** Stops all, also when stopping one fails. */
export async function stopAll(parts: readonly Stoppable[]): Promise<void> {
  const outcomes = await Promise.allSettled(parts.map((part) => part.stop()));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** Collects what was started, so that a failure half-way leaves nothing running. */
export async function startAll<T>(start: (started: Stoppable[]) => Promise<T>): Promise<T> {
  const started: Stoppable[] = [];
  try {
    return await start(started);
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

/** Starts several at once; when one fails, those that did start are in `started` too. */
export async function startEach<T extends Stoppable>(
  starts: readonly Promise<T>[],
  started: Stoppable[],
): Promise<T[]> {
  const outcomes = await Promise.allSettled(starts);
  const parts = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  started.push(...parts);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return parts;
}
