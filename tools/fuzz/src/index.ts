export { damage } from './damage.js';
export { fuzzCli } from './fuzz-cli.js';
export { type FuzzTarget, fuzzTarget } from './fuzz-target.js';
export { type Next, pick, randomNumbers, several } from './random-numbers.js';
export { runTarget } from './run-target.js';
