import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getReleasePlan from '@changesets/get-release-plan';
import { type Follower, followersOf } from './followers.js';
import { publishedPackages } from './workspace.js';

/** Writes a changeset for everybody who follows a breaking change of a dependency, and of those in their turn. */
export async function addFollowers(root: string): Promise<Follower[]> {
  const packages = publishedPackages(root);
  const added: Follower[] = [];
  for (;;) {
    const { releases } = await getReleasePlan(root);
    const followers = followersOf(releases, packages);
    if (followers.length === 0) return added;
    for (const follower of followers) writeChangeset(root, follower);
    added.push(...followers);
  }
}

function writeChangeset(root: string, { name, type, dependency, dependencyVersion }: Follower): void {
  const [from, to] = [name, dependency].map((full) => full.split('/')[1]);
  const text = `---
'${name}': ${type}
---

Breaking as \`${dependency}\` ${dependencyVersion} is, whose types are part of this package's API: raise both together.
`;
  writeFileSync(join(root, '.changeset', `${from}-follows-${to}.md`), text);
}
