import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkApis, updateApis } from './api-files.js';
import { reportApis } from './api-report.js';
import { checkWithAttw, checkWithPublint } from './lint.js';
import { checkListing, updateListing } from './listing.js';
import { packAll } from './pack.js';
import { checkBudgets, type EntrySize, measureEntries } from './size-budgets.js';
import { install, type Tarball } from './tarball.js';
import { checkContents } from './tarball-contents.js';
import { checkTypedPrograms } from './typed-programs.js';
import { checkUsers } from './users.js';
import { publishedPackages } from './workspace.js';

export interface PackResult {
  /** How many there are. */
  readonly packages: number;
  readonly problems: readonly string[];
  readonly sizes: readonly EntrySize[];
}

/** Everything about the packages as their users get them. They must have been built. */
export async function checkPackages(root: string, { updateApi = false } = {}): Promise<PackResult> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-pack-')));
  try {
    const tarballs = await packAll(root, folder);
    install(tarballs, folder);
    if (updateApi) {
      updateApis(publishedPackages(root), reportApis(tarballs, folder));
      updateListing(root, tarballs);
    }
    const problems = await checkTarballs(tarballs, [root, homedir()]);
    problems.push(...(await checkUsers(tarballs, folder)));
    const names = tarballs.map(({ manifest }) => manifest.name);
    problems.push(...(await checkTypedPrograms(names, folder)));
    const sizes = await measureEntries(tarballs, folder);
    problems.push(
      ...checkBudgets(sizes),
      ...checkListing(root, tarballs),
      ...checkApis(publishedPackages(root), reportApis(tarballs, folder)),
    );
    return { packages: tarballs.length, problems, sizes };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What can be said of each tarball without installing it. */
export async function checkTarballs(
  tarballs: readonly Tarball[],
  machinePaths: readonly string[],
): Promise<string[]> {
  const versions = new Map(tarballs.map(({ manifest }) => [manifest.name, manifest.version]));
  const problems: string[] = [];
  for (const tarball of tarballs) {
    const found = [
      ...checkContents(tarball, versions, machinePaths),
      ...(await checkWithPublint(tarball)),
      ...(await checkWithAttw(tarball)),
    ];
    problems.push(...found.map((problem) => `${tarball.manifest.name}: ${problem}`));
  }
  return problems;
}
