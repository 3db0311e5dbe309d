import { expect, it } from 'vitest';
import type { CoreOutcome } from '../src/run-core.js';

/** Each outcome as a test of its own, so that counts add up. */
export function reportEach(outcomes: readonly CoreOutcome[]): void {
  it.for(outcomes)('$area: $name', ({ error, skipped }, { skip }) => {
    if (skipped !== undefined) skip(skipped);
    expect(error).toBeUndefined();
  });
}
