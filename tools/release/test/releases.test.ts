import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ScratchRepository } from './scratch-repository.js';

const HASH = /\b[0-9a-f]{7,40}\b/;

let scratch: ScratchRepository;
beforeAll(() => {
  scratch = new ScratchRepository();
});
beforeEach(() => scratch.reset());
afterAll(() => scratch[Symbol.dispose]());

describe('the changesets that wait', () => {
  it('can be used up, and take what was never released to 0.1.0', async () => {
    const before = scratch.versions();
    const unreleased = Object.keys(before).filter((name) => before[name] === '0.0.0');
    await scratch.usePending();
    const after = scratch.versions();
    const { client } = after;
    for (const name of unreleased) {
      expect(after).toMatchObject({ [name]: '0.1.0' });
      expect(scratch.changelog(name)).toMatch(
        new RegExp(`^# @redlane/${name}\n\n## 0\\.1\\.0\n\n### Minor Changes\n\n- `),
      );
    }
    expect(scratch.changesets()).toEqual([]);
    expect(scratch.read('packages/client/src/library-version.ts')).toContain(`'${client}'`);
  });
});

describe('in 0.x', () => {
  beforeEach(() => scratch.release('0.1.0'));

  it.each(['minor', 'patch'] as const)('a %s of channel is a release of channel alone', async (bump) => {
    const version = { minor: '0.2.0', patch: '0.1.1' }[bump];
    expect(await scratch.change({ channel: bump })).toEqual({ channel: version });
  });

  it('each package moves by itself', async () => {
    expect(
      await scratch.change({ channel: 'minor', 'sse-persistence': 'patch', 'pubsub-manager': 'patch' }),
    ).toEqual({
      channel: '0.2.0',
      'pubsub-manager': '0.1.1',
      'sse-persistence': '0.1.1',
    });
  });

  it('a patch of what others stand on is within their ranges', async () => {
    expect(await scratch.change({ client: 'patch' })).toEqual({ client: '0.1.1' });
    expect(scratch.read('packages/client/src/library-version.ts')).toContain(`'0.1.1'`);
    scratch.release('0.1.0');
    expect(await scratch.change({ 'resp3-core': 'patch' })).toEqual({ 'resp3-core': '0.1.1' });
  });

  it('a breaking change of the client is one of all whose API names its types', async () => {
    expect(await scratch.change({ client: 'minor' })).toEqual({
      client: '0.2.0',
      channel: '0.2.0',
      'pubsub-manager': '0.2.0',
      'sse-persistence': '0.2.0',
      'vlcp-compat': '0.2.0',
    });
    expect(scratch.changelog('channel')).toContain(
      "### Minor Changes\n\n- Breaking as `@redlane/client` 0.2.0 is, whose types are part of this package's API",
    );
  });

  it('and a patch of those whose API does not', async () => {
    scratch.hideTypes('channel');
    expect(await scratch.change({ client: 'minor' })).toMatchObject({
      channel: '0.1.1',
      'vlcp-compat': '0.2.0',
    });
    expect(scratch.changelog('channel')).toBe(
      '# @redlane/channel\n\n## 0.1.1\n\n### Patch Changes\n\n- Needs `@redlane/client` 0.2.0.\n',
    );
  });

  it('a breaking change at the bottom goes all the way up', async () => {
    const moved = await scratch.change({ 'resp3-core': 'minor' });
    expect(new Set(Object.values(moved))).toEqual(new Set(['0.2.0']));
    expect(Object.keys(moved)).toEqual(Object.keys(scratch.versions()));
  });

  it('the range of a dependency stays the workspace’s, which becomes its version when it is packed', async () => {
    await scratch.change({ client: 'minor' });
    expect(scratch.dependencies('channel')).toEqual({ '@redlane/client': 'workspace:^' });
  });

  it('changelogs have the newest on top, in the words of the changesets', async () => {
    await scratch.change({ channel: 'patch' }, 'The first line.\n\nThe second paragraph.\n\n- a point');
    await scratch.change({ channel: 'minor' }, '`send` takes a signal.');
    expect(scratch.changelog('channel')).toBe(
      [
        '# @redlane/channel\n\n## 0.2.0\n\n### Minor Changes\n\n- `send` takes a signal.\n\n',
        '## 0.1.1\n\n### Patch Changes\n\n- The first line.\n\n  The second paragraph.\n\n  - a point\n',
      ].join(''),
    );
    expect(scratch.changelog('channel')).not.toMatch(HASH);
    expect(scratch.changelog('client')).toBeUndefined();
  });
});

describe('from 1.0 on', () => {
  beforeEach(() => scratch.release('1.0.0'));

  it('a feature of the client is a release of the client alone', async () => {
    expect(await scratch.change({ client: 'minor' })).toEqual({ client: '1.1.0' });
  });

  it('a breaking change is a major of all whose API names its types', async () => {
    scratch.hideTypes('vlcp-compat');
    expect(await scratch.change({ client: 'major' })).toEqual({
      client: '2.0.0',
      channel: '2.0.0',
      'pubsub-manager': '2.0.0',
      'sse-persistence': '2.0.0',
      'vlcp-compat': '1.0.1',
    });
  });
});
