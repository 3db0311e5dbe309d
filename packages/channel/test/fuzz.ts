import { fuzzCli } from '@redlane/fuzz';
import { targets } from './fuzz/targets.js';

fuzzCli(targets);
