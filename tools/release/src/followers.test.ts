import { describe, expect, it } from 'vitest';
import { type Bump, followersOf, type Release } from './followers.js';
import type { PublishedPackage } from './workspace.js';

const pkg = (name: string, version: string, on: readonly string[], inApi = on): PublishedPackage => ({
  name,
  version,
  dependencies: new Set(on),
  apiNames: new Set(inApi),
});
const release = (type: Bump, oldVersion: string, newVersion: string): Release => ({
  name: 'base',
  type,
  oldVersion,
  newVersion,
});

describe('followersOf', () => {
  it.each([
    ['minor', '0.1.0', '0.2.0'],
    ['major', '0.1.0', '1.0.0'],
    ['major', '1.2.0', '2.0.0'],
  ] as const)('finds them for a %s after %s', (type, from, to) => {
    expect(followersOf([release(type, from, to)], [pkg('top', '0.4.2', ['base'])])).toEqual([
      { name: 'top', type: 'minor', dependency: 'base', dependencyVersion: to },
    ]);
    expect(followersOf([release(type, from, to)], [pkg('top', '3.0.0', ['base'])])).toMatchObject([
      { type: 'major' },
    ]);
  });

  it.each([
    ['none', '0.1.0', '0.1.0'],
    ['patch', '0.1.0', '0.1.1'],
    ['minor', '1.2.0', '1.3.0'],
  ] as const)('finds none for a %s after %s', (type, from, to) => {
    expect(followersOf([release(type, from, to)], [pkg('top', '0.4.2', ['base'])])).toEqual([]);
  });

  it('leaves out who does not name its types, or moves far enough', () => {
    const base = release('minor', '0.1.0', '0.2.0');
    expect(followersOf([base], [pkg('top', '0.1.0', ['base'], [])])).toEqual([]);
    const top = { ...release('minor', '0.1.0', '0.2.0'), name: 'top' };
    expect(followersOf([base, top], [pkg('top', '0.1.0', ['base'])])).toEqual([]);
    expect(followersOf([base, { ...top, type: 'patch' }], [pkg('top', '0.1.0', ['base'])])).toHaveLength(1);
  });
});
