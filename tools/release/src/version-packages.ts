import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { addFollowers } from './add-followers.js';
import { updateLibraryVersion } from './library-version.js';

const CHANGESET = fileURLToPath(import.meta.resolve('@changesets/cli/bin.js'));

/** Uses up all changesets: moves versions, writes changelogs, and what else has a version in it. */
export async function versionPackages(root: string): Promise<void> {
  await addFollowers(root);
  execFileSync(process.execPath, [CHANGESET, 'version'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  updateLibraryVersion(root);
}
