import { describe, expect, it } from 'vitest';
import { fixturePackage, fixtureTree } from '../test/fixture-tree.js';
import { formatFinding } from './finding.js';
import { checkLayers } from './layers.js';

const onClient = { '@redlane/client': 'workspace:^' };

function messages(...args: Parameters<typeof fixturePackage>): string[] {
  return checkLayers(fixtureTree(fixturePackage(...args))).map(formatFinding);
}

describe('layers', () => {
  it('let an import point down, and ignore tests', () => {
    const src = {
      'index.ts':
        "import type { A } from '@redlane/client/codec';\nexport * from './part.js';\nimport { connect } from 'node:net';\n",
      'part.ts': '',
      'index.test.ts': "import '@redlane/sse-persistence';\nimport 'ioredis';\n",
    };
    expect(messages('channel', { dependencies: onClient, src })).toEqual([]);
  });

  it.each([
    ["import { x } from '@redlane/sse-persistence';"],
    ["import type { X } from '@redlane/sse-persistence';"],
    ["export * from '@redlane/sse-persistence/http';"],
    ["export type X = import('@redlane/sse-persistence').X;"],
    ["export const x = await import('@redlane/sse-persistence');"],
    ["export const x = require('@redlane/sse-persistence');"],
    ["export const x = import.meta.resolve('@redlane/sse-persistence');"],
    ["import x = require('@redlane/sse-persistence');"],
  ])('find channel importing sse-persistence: %s', (line) => {
    expect(messages('channel', { dependencies: onClient, src: { 'deep/file.ts': `\n${line}\n` } })).toEqual([
      'packages/channel/src/deep/file.ts:2 @redlane/channel must not import @redlane/sse-persistence: it imports only @redlane/client',
    ]);
  });

  it('find an import upwards, and one past a layer', () => {
    expect(messages('client', { src: { 'a.ts': "import '@redlane/channel';" } })).toEqual([
      'packages/client/src/a.ts:1 @redlane/client must not import @redlane/channel: it imports only @redlane/resp3-core',
    ]);
    expect(messages('channel', { src: { 'a.ts': "import '@redlane/resp3-core';" } })).toEqual([
      'packages/channel/src/a.ts:1 @redlane/channel must not import @redlane/resp3-core: it imports only @redlane/client',
    ]);
  });

  it('find a relative path into another package', () => {
    expect(messages('channel', { src: { 'a.ts': "import '../../client/src/index.js';" } })).toEqual([
      'packages/channel/src/a.ts:1 ../../client/src/index.js leaves packages/channel/src, which is all that is built',
    ]);
  });

  it.each([
    ["import { connect } from 'node:net';", 'node:net'],
    ["import { Buffer } from 'buffer';", 'buffer'],
    ["export const fs = process.getBuiltinModule('node:buffer');", 'node:buffer'],
    ['/// <reference types="node" />', 'node'],
  ])('keep Node out of resp3-core: %s', (line, specifier) => {
    expect(messages('resp3-core', { src: { 'a.ts': line } })).toEqual([
      `packages/resp3-core/src/a.ts:1 @redlane/resp3-core must not import ${specifier}: it runs in any JavaScript runtime`,
    ]);
  });

  it('let resp3-core ask for node:buffer, and do without it', () => {
    const ask = (specifier: string): string =>
      `export const found = process.getBuiltinModule?.('${specifier}') ?? {};`;
    expect(messages('resp3-core', { src: { 'a.ts': ask('node:buffer') } })).toEqual([]);
    expect(messages('resp3-core', { src: { 'a.ts': ask('node:net') } })).toHaveLength(1);
  });

  it('find a module that is computed', () => {
    expect(messages('client', { src: { 'a.ts': "const x = 'io' + 'redis';\nawait import(x);" } })).toEqual([
      'packages/client/src/a.ts:2 the module is computed, so its layer cannot be checked: name it by a literal',
    ]);
  });

  it('keep ioredis out, even its types: it is an optional peer', () => {
    const manifest = {
      peerDependencies: { ioredis: '>=5.4 <7' },
      peerDependenciesMeta: { ioredis: { optional: true } },
    };
    expect(
      messages('client', { manifest, src: { 'a.ts': "import type { Redis } from 'ioredis';" } }),
    ).toEqual([
      'packages/client/src/a.ts:1 ioredis is an optional peer: type it structurally, only users import it',
    ]);
    expect(messages('client', { manifest: { peerDependencies: { ioredis: '>=5.4 <7' } } })).toEqual([
      expect.stringMatching(/^packages\/client\/package.json:\d+ the peer ioredis must be optional/),
    ]);
  });

  it('find a dependency sideways in the manifest', () => {
    expect(
      messages('channel', { dependencies: { ...onClient, '@redlane/sse-persistence': 'workspace:^' } }),
    ).toEqual([
      expect.stringMatching(
        /^packages\/channel\/package.json:\d\d @redlane\/channel must not depend on @redlane\/sse-persistence/,
      ),
    ]);
  });

  it('find an internal peer, which changesets would turn into major versions', () => {
    expect(messages('channel', { manifest: { peerDependencies: onClient } })).toEqual([
      expect.stringContaining('@redlane/client must be a dependency, not a peer'),
    ]);
  });

  it('want a reason for a dependency from outside, and a dependency for an import', () => {
    const src = { 'a.ts': "import 'left-pad';" };
    const dependencies = { 'left-pad': '^1.0.0' };
    expect(messages('client', { src })).toEqual([
      'packages/client/src/a.ts:1 left-pad is not among the dependencies of @redlane/client',
    ]);
    expect(messages('client', { src, dependencies })).toEqual([
      expect.stringContaining('left-pad is a new runtime dependency: give the reason in README.md'),
    ]);
    expect(
      messages('client', { src, dependencies, readme: '## Runtime dependency: `left-pad`\n\nIt pads.' }),
    ).toEqual([]);
  });

  it('find a package that nobody has put into a layer', () => {
    expect(messages('stowaway')).toEqual([expect.stringContaining('@redlane/stowaway has no layer')]);
  });
});
