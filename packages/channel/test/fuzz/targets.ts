import { type FuzzTarget, fuzzTarget } from '@redlane/fuzz';
import { envelopeTarget } from './envelope-target.js';

export const targets: readonly FuzzTarget[] = [fuzzTarget(envelopeTarget)];
