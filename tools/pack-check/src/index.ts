export { packAll } from './pack.js';
export { type RunResult, run } from './run.js';
export type { Tarball } from './tarball.js';
