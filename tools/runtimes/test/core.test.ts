import { fileURLToPath } from 'node:url';
import { afterAll, describe, it } from 'vitest';
import { writeCoreProgram } from '../src/core-program.js';
import { openServers } from '../src/core-servers.js';
import { runCore } from '../src/run-core.js';
import { findRuntimes } from '../src/runtimes.js';
import { reportEach } from './report.js';

const { found, missing } = await findRuntimes();
const servers = await openServers();
afterAll(() => servers[Symbol.asyncDispose]());

// In this workspace, whose packages are found from here as they have been built.
const folder = (format: string): string =>
  fileURLToPath(new URL(`../.redlane/test/${format}/`, import.meta.url));

/** What the tests of installations do not run; all of it is the business of `npm run test:runtimes`. */
const WANTED = [
  ['Node 24', 'esm', 2],
  ['Bun 1', 'cjs', 2],
] as const;

for (const [name, format, protocol] of WANTED) {
  const runtime = found.find((each) => each.name === name);
  const title = `the core paths in ${name}, ${format}, RESP${protocol}`;
  if (runtime === undefined) {
    const reason = missing.find((each) => name.startsWith(each.name))?.reason;
    it.skip(`${title}: ${reason ?? 'another version is installed'}`);
    continue;
  }
  const outcomes = await runCore(runtime, writeCoreProgram(folder(format), format), servers, protocol);
  describe(title, () => reportEach(outcomes));
}
