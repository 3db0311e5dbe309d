import { publishPoolEvent } from './diagnostics.js';
import type { LeakReport } from './pool-settings.js';

/** Tells `onLeak`, or everybody by a process warning. A listener that throws hurts nobody but gets a warning itself. */
export function reportLeak(report: LeakReport, onLeak: ((report: LeakReport) => void) | undefined): void {
  publishPoolEvent({ event: 'leak', heldMs: report.heldMs });
  if (onLeak === undefined) {
    process.emitWarning(`a pooled connection has been held for ${Math.round(report.heldMs)} ms`, {
      type: 'PoolLeakWarning',
      detail: report.stack,
    });
    return;
  }
  try {
    onLeak(report);
  } catch (cause) {
    process.emitWarning(`onLeak of the connection pool threw: ${String(cause)}`, { type: 'PoolLeakWarning' });
  }
}
