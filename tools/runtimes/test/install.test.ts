import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packAll } from '@redlane/pack-check';
import { afterAll, describe, it } from 'vitest';
import { openServers } from '../src/core-servers.js';
import { INSTALLERS } from '../src/installers.js';
import { runInstall } from '../src/run-install.js';
import { findRuntimes } from '../src/runtimes.js';
import { openRegistry } from '../src/scratch-registry.js';
import { reportEach } from './report.js';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-install-')));
const [{ found, missing }, servers, tarballs] = await Promise.all([
  findRuntimes(),
  openServers(),
  packAll(root, scratch),
]);
const registry = await openRegistry(tarballs);
afterAll(async () => {
  await Promise.all([servers[Symbol.asyncDispose](), registry[Symbol.asyncDispose]()]);
  rmSync(scratch, { recursive: true, force: true });
});

/** One layout for each runtime; all of them are the business of `npm run test:runtimes`. */
const WANTED = [
  [found[0]!.name, INSTALLERS.npm],
  ['Node 24', INSTALLERS.pnpm],
  ['Bun 1', INSTALLERS.bun],
] as const;

for (const [name, installer] of WANTED) {
  const runtime = found.find((each) => each.name === name);
  if (runtime === undefined) {
    it.skip(`${name}: ${missing.find((each) => name.startsWith(each.name))?.reason ?? 'not there'}`);
    continue;
  }
  const folder = join(scratch, name.replace(' ', '-'));
  const outcomes = await runInstall({ runtime, installer, tarballs, registry, servers, folder });
  describe(`packed, installed by ${installer.name} and used in ${name}`, () => reportEach(outcomes));
}
