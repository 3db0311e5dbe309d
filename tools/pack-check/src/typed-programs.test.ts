import { expect, it } from 'vitest';
import { packed, scratchFolder } from '../test/packed.js';
import { install } from './tarball.js';
import { checkTypedPrograms } from './typed-programs.js';

it('declarations that are not what a program expects are problems, in each resolution', async () => {
  const folder = scratchFolder();
  install([packed({ manifest: { name: '@redlane/resp3-core' } })], folder);
  const found = await checkTypedPrograms(['@redlane/resp3-core', '@redlane/unknown'], folder, ['typescript']);
  for (const file of ['node16: resp3-core.mts', 'node16: resp3-core.cts', 'bundler: resp3-core.ts']) {
    const text = `typescript, ${file}`.replaceAll('.', '\\.');
    expect(found).toContainEqual(expect.stringMatching(new RegExp(`^${text}.*TS2305.*encodeCommand`)));
  }
  expect(found).toContain("@redlane/unknown has no typed program in pack-check's fixtures/typed");
}, 120_000);
