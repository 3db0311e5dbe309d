import type { PublishedPackage } from './workspace.js';

/** How far a version moves. */
export type Bump = 'none' | 'patch' | 'minor' | 'major';

export interface Release {
  readonly name: string;
  readonly type: Bump;
  readonly oldVersion: string;
  readonly newVersion: string;
}

/** A package that must be released as a breaking change, since one is that its API names types of. */
export interface Follower {
  readonly name: string;
  readonly type: 'minor' | 'major';
  readonly dependency: string;
  readonly dependencyVersion: string;
}

const ORDER: readonly Bump[] = ['none', 'patch', 'minor', 'major'];

/**
 * Who takes users along into a breaking change. Changesets gives dependents a patch; but whoever hands a client of the old
 * version to a channel that wants the new one is broken by that patch.
 */
export function followersOf(releases: readonly Release[], packages: readonly PublishedPackage[]): Follower[] {
  const bumps = new Map(releases.map(({ name, type }) => [name, type]));
  return releases.filter(isBreaking).flatMap(({ name: dependency, newVersion: dependencyVersion }) =>
    packages
      .filter(({ dependencies, apiNames }) => dependencies.has(dependency) && apiNames.has(dependency))
      .map(({ name, version }) => ({ name, type: breakingBump(version), dependency, dependencyVersion }))
      .filter(({ name, type }) => ORDER.indexOf(bumps.get(name) ?? 'none') < ORDER.indexOf(type)),
  );
}

function isBreaking({ type, oldVersion }: Release): boolean {
  return ORDER.indexOf(type) >= ORDER.indexOf(breakingBump(oldVersion));
}

/** As `^` has it: in 0.x, the minor says what the major says later. */
function breakingBump(version: string): 'minor' | 'major' {
  return version.startsWith('0.') ? 'minor' : 'major';
}
