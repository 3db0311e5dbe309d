import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.js';

const { resolve } = createRequire(import.meta.url);
/** Where `@types/node` is: a user of a package that names Node's types has it installed. */
const TYPE_ROOT = dirname(dirname(resolve('@types/node/package.json')));
const PROGRAMS = fileURLToPath(new URL('../fixtures/typed/', import.meta.url));

/** Compilers that our declarations must satisfy: the oldest, the one that we use, and the newest two majors. */
const COMPILERS = ['typescript54', 'typescript', 'typescript6', 'typescript7'] as const;

/**
 * How many types the compiler that we use may have to instantiate for all programs together, in either resolution. Unlike
 * the time that it takes, this is the same on every machine, and it grows when a type of ours becomes expensive.
 */
const INSTANTIATION_BUDGET = 45_000;

const RESOLUTIONS = {
  node16: { module: 'node16', extensions: ['mts', 'cts'] },
  bundler: { module: 'esnext', extensions: ['ts'] },
} as const;

/**
 * Compiles a program for each package, which uses what is typed in it and is wrong where it says so, against the tarballs
 * installed in `folder`: by every compiler, as `node16` (ESM and CommonJS) and `bundler` resolve, all declarations checked.
 */
export async function checkTypedPrograms(
  names: readonly string[],
  folder: string,
  compilers: readonly string[] = COMPILERS,
): Promise<string[]> {
  const problems: string[] = [];
  for (const [resolution, { module, extensions }] of Object.entries(RESOLUTIONS)) {
    const project = join(folder, `typed-${resolution}`);
    const missing = writePrograms(project, names, extensions);
    problems.push(...missing);
    if (missing.length === names.length) continue;
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(configOf(resolution, module)));
    for (const compiler of compilers) {
      const found = await compile(compiler, project);
      problems.push(...found.map((problem) => `${compiler}, ${resolution}: ${problem}`));
    }
  }
  return problems;
}

/** One program a package; a package without one is a problem. */
function writePrograms(project: string, names: readonly string[], extensions: readonly string[]): string[] {
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  const programs = readdirSync(PROGRAMS);
  return names.flatMap((name) => {
    const program = `${basename(name)}.ts`;
    if (!programs.includes(program)) return [`${name} has no typed program in pack-check's fixtures/typed`];
    const text = readFileSync(join(PROGRAMS, program), 'utf8');
    for (const extension of extensions) writeFileSync(join(project, program.replace(/ts$/, extension)), text);
    return [];
  });
}

function configOf(moduleResolution: string, module: string): object {
  return {
    compilerOptions: {
      target: 'es2022',
      lib: ['es2023', 'esnext.disposable'],
      module,
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      types: ['node'],
      typeRoots: [TYPE_ROOT],
      noEmit: true,
    },
    include: ['*.ts', '*.mts', '*.cts'],
  };
}

async function compile(compiler: string, project: string): Promise<string[]> {
  const tsc = join(dirname(resolve(`${compiler}/package.json`)), 'bin/tsc');
  const { status, stdout, stderr } = await run(
    process.execPath,
    [tsc, '-p', project, '--pretty', 'false', '--extendedDiagnostics'],
    project,
    180_000,
  );
  if (status !== 0) {
    const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line));
    return errors.length > 0 ? errors : [`it ended with status ${status}\n${stderr.trim()}`];
  }
  // Others count otherwise, the newest one by how many processors there are.
  if (compiler !== 'typescript') return [];
  const instantiations = Number(/^Instantiations:\s+([\d,]+)/m.exec(stdout)?.[1]?.replaceAll(',', ''));
  if (instantiations <= INSTANTIATION_BUDGET) return [];
  return [`${instantiations} instantiations, over the budget of ${INSTANTIATION_BUDGET}`];
}
