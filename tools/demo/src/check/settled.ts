import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/** What {@link settled} looks at. */
export interface Standing {
  /** Whether all is as it should be in the end. */
  readonly isDone: boolean;
  /** Whatever changes while something still goes on. */
  readonly state: string;
}

/** Resolves when all is done, or when nothing has changed for so long that nothing will. */
export async function settled(
  look: () => Promise<Standing>,
  { quietMs, signal }: { readonly quietMs: number; readonly signal: AbortSignal },
): Promise<void> {
  let last = '';
  let changedAt = performance.now();
  for (;;) {
    const { isDone, state } = await look();
    if (isDone) return;
    if (state !== last) changedAt = performance.now();
    else if (performance.now() - changedAt > quietMs) return;
    last = state;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
}
