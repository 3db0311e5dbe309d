import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, sep } from 'node:path';
import { run, type Tarball } from '@redlane/pack-check';
import { writeCoreProgram } from './core-program.js';
import type { OpenServers } from './core-servers.js';
import type { Installer } from './installers.js';
import { type CoreOutcome, runCore } from './run-core.js';
import type { Runtime } from './runtimes.js';
import type { ScratchRegistry } from './scratch-registry.js';

const INSTALL_DEADLINE_MS = 180_000;

export interface Installation {
  readonly runtime: Runtime;
  readonly installer: Installer;
  readonly tarballs: readonly Tarball[];
  readonly registry: ScratchRegistry;
  readonly servers: OpenServers;
  /** An empty folder, outside of the workspace. */
  readonly folder: string;
}

/** Installs the packed packages into an empty project, as a user would, and runs the core paths there, as ESM and CommonJS. */
export async function runInstall(installation: Installation): Promise<CoreOutcome[]> {
  const { runtime, tarballs, servers, folder } = installation;
  const project = join(folder, 'project');
  mkdirSync(project, { recursive: true });
  const dependencies = Object.fromEntries(
    tarballs.map(({ manifest }) => [manifest.name, `^${manifest.version}`]),
  );
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'user', private: true, dependencies }));

  const installed = await install(installation, project);
  if (installed.error !== undefined) return [installed];
  const outcomes = [installed, whereFrom(tarballs, project)];
  for (const format of ['esm', 'cjs'] as const) {
    const program = writeCoreProgram(join(project, format), format);
    const ran = await runCore(runtime, program, servers, 3);
    outcomes.push(...ran.map((outcome) => ({ ...outcome, area: `${format}: ${outcome.area}` })));
  }
  return outcomes;
}

async function install(installation: Installation, project: string): Promise<CoreOutcome> {
  const { runtime, installer, registry, folder } = installation;
  const outcome = { area: 'install', name: installer.name };
  const { command, args, env } = installer.command({
    folder: project,
    registry: registry.url,
    cache: join(folder, 'cache'),
    runtime,
  });
  // The runtime comes first on PATH, so that npm, pnpm and yarn are run by it, too.
  const { PATH = '' } = process.env;
  const onPath = runtime.kind === 'node' ? { PATH: dirname(runtime.binary) + delimiter + PATH } : {};
  const { status, stdout, stderr } = await run(command, args, project, INSTALL_DEADLINE_MS, {
    ...env,
    ...onPath,
  });
  if (status !== 0) return { ...outcome, error: `${installer.name} failed\n${stdout}${stderr}`.trim() };
  if (registry.strangers.size > 0)
    return { ...outcome, error: `it asked for ${[...registry.strangers].join(', ')}, which is not ours` };
  return outcome;
}

/** Our packages must lie in the project itself, nowhere else. */
function whereFrom(tarballs: readonly Tarball[], project: string): CoreOutcome {
  const outcome = { area: 'install', name: 'everything is in the project' };
  const { resolve } = createRequire(join(project, 'package.json'));
  const inside = realpathSync(project) + sep;
  const outside = tarballs
    .map(({ manifest }) => realpathSync(resolve(`${manifest.name}/package.json`)))
    .filter((file) => !file.startsWith(inside));
  return outside.length === 0
    ? outcome
    : { ...outcome, error: `outside of the project: ${outside.join(', ')}` };
}
