import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { packAll, type Tarball } from '@redlane/pack-check';
import { writeCoreProgram } from './core-program.js';
import { type OpenServers, openServers } from './core-servers.js';
import { type Counts, countOutcomes } from './counts.js';
import { INSTALLERS, type Installer } from './installers.js';
import { type CoreOutcome, runCore } from './run-core.js';
import { runInstall } from './run-install.js';
import { runSuite, SUITES, type SuiteName } from './run-suite.js';
import type { Runtime } from './runtimes.js';
import { openRegistry, type ScratchRegistry } from './scratch-registry.js';

const SUITE_NAMES = Object.keys(SUITES) as SuiteName[];

/** One cell of the matrix. */
export interface Step {
  /** `suites`, `core` or `install`. */
  readonly part: 'suites' | 'core' | 'install';
  readonly runtime: Runtime;
  /** What the column of the table is called. */
  readonly column: string;
  /** `undefined`: the server that is found. */
  readonly server: string | undefined;
  run(): Promise<StepResult>;
}

export interface StepResult {
  readonly counts: Counts;
  /** What is wrong, to be printed. */
  readonly problems: string;
}

/** Things that several steps use, and that are made when the first of them needs them. */
export class MatrixBed implements AsyncDisposable {
  readonly #root: string;
  readonly #folder: string;
  readonly #servers = new Map<string | undefined, Promise<OpenServers>>();
  #packed: Promise<{ tarballs: Tarball[]; registry: ScratchRegistry }> | undefined;

  /** @param folder - an empty one outside of the workspace, which the caller removes */
  constructor(root: string, folder: string) {
    this.#root = root;
    this.#folder = folder;
  }

  servers(executable: string | undefined): Promise<OpenServers> {
    const open = this.#servers.get(executable) ?? openServers(executable);
    this.#servers.set(executable, open);
    return open;
  }

  /** All packages as their users get them, and a registry that has them. */
  packed(): Promise<{ tarballs: Tarball[]; registry: ScratchRegistry }> {
    this.#packed ??= packAll(this.#root, this.folder('tarballs')).then(async (tarballs) => ({
      tarballs,
      registry: await openRegistry(tarballs),
    }));
    return this.#packed;
  }

  folder(name: string): string {
    const folder = join(this.#folder, name.replace(/\W+/g, '-'));
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed: Promise<void>[] = [...this.#servers.values()].map(async (servers) =>
      (await servers)[Symbol.asyncDispose](),
    );
    if (this.#packed !== undefined)
      closed.push(Promise.resolve((await this.#packed).registry[Symbol.asyncDispose]()));
    await Promise.allSettled(closed);
  }
}

/**
 * Every runtime × the tests of every package, with the first server; the first runtime × the same with every other server;
 * every runtime × every server × RESP3 and RESP2 × ESM and CommonJS for the core paths; installations.
 */
export function matrixOf(
  runtimes: readonly Runtime[],
  servers: readonly (string | undefined)[],
  bed: MatrixBed,
): Step[] {
  return runtimes.flatMap((runtime, first) => [
    ...servers.flatMap((server) => coreSteps(runtime, server, bed)),
    ...servers
      .slice(0, first === 0 ? undefined : 1)
      .flatMap((server) => SUITE_NAMES.map((name) => suiteStep(runtime, server, name))),
    ...installersFor(runtime).map((installer) => installStep(runtime, servers[0], installer, bed)),
  ]);
}

function coreSteps(runtime: Runtime, server: string | undefined, bed: MatrixBed): Step[] {
  return ([3, 2] as const).map((protocol) => ({
    part: 'core',
    runtime,
    column: `RESP${protocol}`,
    server,
    run: async () => {
      const outcomes: CoreOutcome[] = [];
      for (const format of ['esm', 'cjs'] as const) {
        // In this workspace, whose packages are found from here as they have been built.
        const folder = new URL(`../.redlane/core/${format}/`, import.meta.url).pathname;
        const program = writeCoreProgram(folder, format);
        const ran = await runCore(runtime, program, await bed.servers(server), protocol);
        outcomes.push(...ran.map((outcome) => ({ ...outcome, area: `${format}: ${outcome.area}` })));
      }
      return resultOf(outcomes);
    },
  }));
}

function suiteStep(runtime: Runtime, server: string | undefined, name: SuiteName): Step {
  return {
    part: 'suites',
    runtime,
    column: name,
    server,
    run: async () => {
      const { counts, output } = await runSuite(runtime, name, server);
      return { counts, problems: output };
    },
  };
}

function installStep(
  runtime: Runtime,
  server: string | undefined,
  installer: Installer,
  bed: MatrixBed,
): Step {
  return {
    part: 'install',
    runtime,
    column: installer.name,
    server,
    run: async () => {
      const { tarballs, registry } = await bed.packed();
      const folder = bed.folder(`${runtime.name} ${installer.name}`);
      const servers = await bed.servers(server);
      return resultOf(await runInstall({ runtime, installer, tarballs, registry, servers, folder }));
    },
  };
}

/** Deno reads what npm and the others install; its own cache is no project. */
function installersFor({ kind }: Runtime): Installer[] {
  const { bun, ...others } = INSTALLERS;
  if (kind === 'bun') return [bun, ...Object.values(others)];
  return kind === 'deno' ? [others.npm, others.pnpm] : Object.values(others);
}

function resultOf(outcomes: readonly CoreOutcome[]): StepResult {
  const problems = outcomes.flatMap(({ area, name, error }) =>
    error === undefined ? [] : [`${area}: ${name}\n${error.replaceAll(/^/gm, '  ')}`],
  );
  return { counts: countOutcomes(outcomes), problems: problems.join('\n') };
}
