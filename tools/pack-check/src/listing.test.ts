import { expect, it } from 'vitest';
import { packed, scratchFolder } from '../test/packed.js';
import { checkListing, listingOf, updateListing } from './listing.js';

it('has every file, and hashes of chunks only as such', () => {
  const tarball = packed({
    manifest: { exports: { '.': './dist/index.js', './list-consumer': './dist/list-consumer.js' } },
    files: { 'dist/chunk-BKRQWFUF.js': '', 'dist/chunk-EKAJ5BKR.js': '', 'dist/list-consumer.js': '' },
  });
  expect(listingOf([tarball]).trimEnd().split('\n')).toEqual([
    '@redlane/sample',
    '  LICENSE',
    '  README.md',
    '  dist/chunk-<hash>.js',
    '  dist/index.cjs',
    '  dist/index.d.cts',
    '  dist/index.d.ts',
    '  dist/index.js',
    '  dist/list-consumer.js',
    '  package.json',
  ]);
});

it('a file that came or went is a problem until the listing is written again', () => {
  const root = scratchFolder();
  updateListing(root, [packed()]);
  expect(checkListing(root, [packed()])).toEqual([]);
  const more = [packed({ files: { 'dist/more.js': '' } })];
  expect(checkListing(root, more)).toEqual([expect.stringContaining('+   dist/more.js')]);
  updateListing(root, more);
  expect(checkListing(root, more)).toEqual([]);
});
