import { type FuzzTarget, fuzzTarget } from '@redlane/fuzz';
import { frameTarget } from './frame-target.js';
import { pickleTarget } from './pickle-target.js';

export const targets: readonly FuzzTarget[] = [fuzzTarget(frameTarget), fuzzTarget(pickleTarget)];
