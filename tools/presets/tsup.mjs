import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

/** Build entries, read from the exports map: every `@redlane/source` file becomes the `dist` file that its subpath names. */
export function entriesOf(manifest) {
  const entries = {};
  for (const [subpath, conditions] of Object.entries(manifest.exports)) {
    const source = conditions['@redlane/source'];
    if (source === undefined) continue;
    entries[subpath === '.' ? 'index' : subpath.slice(2)] = source;
  }
  return entries;
}

/** ESM and CommonJS with types for each; one chunk per concept, so that entries share classes in both formats. */
export function library(options = {}) {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  return defineConfig({
    entry: entriesOf(manifest),
    format: ['esm', 'cjs'],
    platform: options.platform ?? 'node',
    target: 'es2022',
    splitting: true,
    dts: true,
    clean: true,
    treeshake: true,
    silent: true,
    ...options,
  });
}
