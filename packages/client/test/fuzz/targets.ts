import { type FuzzTarget, fuzzTarget } from '@redlane/fuzz';
import { jsonTarget } from './json-target.js';
import { urlTarget } from './url-target.js';

export const targets: readonly FuzzTarget[] = [fuzzTarget(urlTarget), fuzzTarget(jsonTarget)];
