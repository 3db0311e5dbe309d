import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diffLines } from './diff-lines.js';
import type { Tarball } from './tarball.js';

/** A chunk: what it holds, and a hash of that. */
const CHUNK = /^(dist\/.+)-[\w-]{8}\.(js|cjs|d\.ts|d\.cts)$/;

/**
 * What `npm pack --dry-run` would list, all packages in one text. The chunks that several entries share, which are named
 * by a hash of what is in them, stand there once for each kind.
 */
export function listingOf(tarballs: readonly Tarball[]): string {
  const blocks = tarballs.map(({ manifest, files }) => {
    const exported = JSON.stringify(manifest.exports);
    const names = [...files.keys()].map((file) =>
      exported.includes(`"./${file}"`) ? file : file.replace(CHUNK, '$1-<hash>.$2'),
    );
    return [manifest.name, ...[...new Set(names)].sort().map((name) => `  ${name}`)].join('\n');
  });
  return `${blocks.join('\n')}\n`;
}

/** Compares with the listing that is committed. */
export function checkListing(root: string, tarballs: readonly Tarball[]): string[] {
  const file = fileOf(root);
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const after = listingOf(tarballs);
  if (before === after) return [];
  return [
    `the tarballs do not hold what tools/pack-check/listing.txt lists; if it is meant, run "pnpm build && pnpm api:update" and commit it\n${diffLines(before, after)}`,
  ];
}

export function updateListing(root: string, tarballs: readonly Tarball[]): void {
  const file = fileOf(root);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, listingOf(tarballs));
}

function fileOf(root: string): string {
  return join(root, 'tools/pack-check/listing.txt');
}
