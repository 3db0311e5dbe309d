import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from '@redlane/pack-check';

export type RuntimeKind = 'node' | 'bun' | 'deno';

/** A JavaScript runtime that can be started here. */
export interface Runtime {
  readonly kind: RuntimeKind;
  /** With the major version: `Node 24`, `Bun 1`. */
  readonly name: string;
  readonly version: string;
  readonly binary: string;
  /** What stands before the program's file. */
  readonly args: readonly string[];
}

/** A runtime that we know, but that is not there. */
export interface MissingRuntime {
  readonly name: string;
  readonly reason: string;
}

interface Source {
  readonly name: string;
  readonly kind: RuntimeKind;
  /** The optional dependency that has the binary; there are only those for Linux on x64. */
  readonly package: string;
  readonly file: string;
}

const SOURCES: readonly Source[] = [
  ...[22, 24, 26].map((major) => ({
    name: `Node ${major}`,
    kind: 'node' as const,
    package: `node${major}`,
    file: 'bin/node',
  })),
  { name: 'Bun', kind: 'bun', package: '@oven/bun-linux-x64', file: 'bin/bun' },
  { name: 'Deno', kind: 'deno', package: '@deno/linux-x64-glibc', file: 'deno' },
];

const ARGS: Readonly<Record<RuntimeKind, readonly string[]>> = {
  node: [],
  bun: ['--bun'],
  // Its cache of compiled code outlives builds: it would ask for files of the build before.
  deno: ['run', '--allow-all', '--quiet', '--no-code-cache'],
};

/** The Node that runs this, and all others whose packages are installed and whose binaries start. */
export async function findRuntimes(): Promise<{ found: Runtime[]; missing: MissingRuntime[] }> {
  const found: Runtime[] = [
    {
      kind: 'node',
      name: `Node ${process.versions.node.split('.')[0]}`,
      version: process.versions.node,
      binary: process.execPath,
      args: ARGS.node,
    },
  ];
  const missing: MissingRuntime[] = [];
  for (const source of SOURCES) {
    const outcome = await runtimeOf(source);
    if ('reason' in outcome) missing.push(outcome);
    else if (!found.some(({ name }) => name === outcome.name)) found.push(outcome);
  }
  return { found, missing };
}

async function runtimeOf(source: Source): Promise<Runtime | MissingRuntime> {
  const { kind, name } = source;
  const binary = binaryOf(source);
  if (binary === undefined) {
    return { name, reason: `${source.package} is not installed: it is for Linux on x64 only` };
  }
  const { status, stdout } = await run(binary, ['--version'], dirname(binary), 20_000).catch((error) => ({
    status: null,
    stdout: String(error),
  }));
  const version = /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  if (status !== 0 || version === undefined) return { name, reason: `${binary} does not run` };
  const [major] = version.split('.');
  return { kind, name: kind === 'node' ? name : `${name} ${major}`, version, binary, args: ARGS[kind] };
}

function binaryOf({ package: name, file }: Source): string | undefined {
  try {
    const binary = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);
    return existsSync(binary) ? binary : undefined;
  } catch {
    return undefined;
  }
}
