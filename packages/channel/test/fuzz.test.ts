import { runTarget } from '@redlane/fuzz';
import { expect, it } from 'vitest';
import { targets } from './fuzz/targets.js';

it.each(targets)('$name holds whatever comes, for a second', (target) => {
  const { inputs, found } = runTarget(target, { seconds: 1, seed: 1 });
  expect(found).toBeUndefined();
  expect(inputs).toBeGreaterThan(0);
});
