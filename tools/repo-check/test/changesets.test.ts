import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedPackages } from '../src/workspace.js';
import { fixtureTree } from './fixture-tree.js';
import { root } from './root.js';

const packages = publishedPackages(root);
const before = versions(root);

function versions(repository: string): Record<string, string> {
  return Object.fromEntries(
    publishedPackages(repository).map(({ manifest, manifestText }) => {
      return [manifest.name, (JSON.parse(manifestText) as { version: string }).version];
    }),
  );
}

/** A copy of everything that decides about versions, with one changeset, after `changeset version`. */
function released(changes: Readonly<Record<string, 'patch' | 'minor'>>): {
  bumped: Record<string, string>;
  copy: string;
} {
  const manifests = ['packages', 'tools'].flatMap((parent) =>
    readdirSync(join(root, parent)).map((name) => `${parent}/${name}/package.json`),
  );
  const files = ['package.json', 'pnpm-workspace.yaml', '.changeset/config.json', ...manifests];
  const copy = fixtureTree({
    ...Object.fromEntries(files.map((file) => [file, readFileSync(join(root, file), 'utf8')])),
    '.changeset/a-change.md': `---\n${Object.entries(changes)
      .map(([name, bump]) => `'${name}': ${bump}\n`)
      .join('')}---\n\nA change.\n`,
  });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const git = (...args: string[]): Buffer =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: copy });
  git('add', 'packages', 'tools', '.changeset', 'package.json', 'pnpm-workspace.yaml');
  git('commit', '--quiet', '--message', 'A change');
  execFileSync(process.execPath, ['node_modules/@changesets/cli/bin.js', 'version'], {
    cwd: copy,
    stdio: 'pipe',
  });
  const bumped = Object.entries(versions(copy)).filter(([name, version]) => version !== before[name]);
  return { bumped: Object.fromEntries(bumped), copy };
}

function raised(name: string, part: 'minor' | 'patch'): string {
  const [major, minor, patch] = before[name]!.split('.').map(Number);
  return part === 'minor' ? `${major}.${minor! + 1}.0` : `${major}.${minor}.${patch! + 1}`;
}

function dependentsOf(name: string): string[] {
  return packages
    .filter(({ manifest }) => manifest.dependencies?.[name] !== undefined)
    .map(({ manifest }) => manifest.name);
}

describe('changeset version', () => {
  it('with a patch to a package that nobody depends on bumps that one', () => {
    const { bumped, copy } = released({ '@redlane/channel': 'patch' });
    expect(bumped).toEqual({ '@redlane/channel': raised('@redlane/channel', 'patch') });
    expect(readFileSync(join(copy, 'packages/channel/CHANGELOG.md'), 'utf8')).toContain('A change.');
  });

  it('with a patch to client leaves its dependents alone: their ranges take it in', () => {
    expect(released({ '@redlane/client': 'patch' }).bumped).toEqual({
      '@redlane/client': raised('@redlane/client', 'patch'),
    });
  });

  it('with a minor to client, which breaks in 0.x, gives each dependent a patch, and nobody else', () => {
    const dependents = dependentsOf('@redlane/client');
    expect(dependents).toContain('@redlane/channel');
    expect(released({ '@redlane/client': 'minor' }).bumped).toEqual({
      '@redlane/client': raised('@redlane/client', 'minor'),
      ...Object.fromEntries(dependents.map((name) => [name, raised(name, 'patch')])),
    });
  });
});
