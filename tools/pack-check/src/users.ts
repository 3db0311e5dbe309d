import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './run.js';
import { entriesOf, type Tarball } from './tarball.js';
import { checkTypedUser } from './typed-user.js';

type Names = Readonly<Record<string, readonly string[]>>;

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));

/**
 * Uses the tarballs installed in `folder`, outside of the workspace, as four kinds of users do: ESM and CommonJS import every
 * entry, TypeScript as `nodenext` and `bundler` also compiles it. All must see the same names.
 */
export async function checkUsers(tarballs: readonly Tarball[], folder: string): Promise<string[]> {
  cpSync(FIXTURES, folder, { recursive: true });
  const entries = tarballs.flatMap(({ manifest }) => entriesOf(manifest)).map(({ specifier }) => specifier);

  const [esm, cjs] = await Promise.all([
    importAll('esm', entries, folder),
    importAll('cjs', entries, folder),
  ]);
  const problems = [...esm.problems, ...cjs.problems];
  for (const entry of entries) {
    const [a, b] = [esm.names[entry], cjs.names[entry]];
    if (a && b && a.join() !== b.join())
      problems.push(`${entry} exports ${a.join()} to import, but ${b.join()} to require`);
  }
  const own = tarballs.map(({ manifest }) => manifest.name);
  for (const [user, extensions] of [
    ['nodenext', ['mts', 'cts']],
    ['bundler', ['ts']],
  ] as const) {
    problems.push(...(await checkTypedUser(join(folder, user), extensions, esm.names, own)));
  }
  return problems;
}

async function importAll(
  user: string,
  entries: readonly string[],
  folder: string,
): Promise<{ names: Names; problems: readonly string[] }> {
  const { status, stdout, stderr } = await run(process.execPath, ['main.js', ...entries], join(folder, user));
  if (status !== 0)
    return { names: {}, problems: [`${user}: importing every entry failed\n${stderr.trim()}`] };
  return { names: JSON.parse(stdout) as Names, problems: [] };
}
