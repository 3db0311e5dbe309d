import { join } from 'node:path';
import esbuild from '@size-limit/esbuild';
import file from '@size-limit/file';
import sizeLimit from 'size-limit';
import { entriesOf, type Tarball } from './tarball.js';

/**
 * What an entry may add to a user's program, in kB (1000 bytes): bundled with our other packages that it imports,
 * minified, **not** compressed. (Compressed sizes go up and down with names and repetitions; this is what gets parsed.)
 */
const BUDGETS: Readonly<Record<string, number>> = {
  // All of it: a program that only decodes, or only encodes, bundles about half.
  '@redlane/resp3-core': 42,
  // All of it with resp3-core; still far from the aim of 40 kB for a program that imports RedisClient alone.
  '@redlane/client': 145,
  '@redlane/client/cache': 36,
  '@redlane/client/codec': 16,
  '@redlane/client/commands': 30,
  '@redlane/client/ioredis': 78,
  // The client and the ioredis driver, since it takes either.
  '@redlane/client/driver': 208,
  '@redlane/client/list-consumer': 34,
  '@redlane/client/recorder': 57,
  '@redlane/client/stream-log': 38,
  // These contain `client/driver`.
  '@redlane/channel': 285,
  '@redlane/pubsub-manager': 310,
  '@redlane/sse-persistence': 310,
  '@redlane/sse-persistence/frame': 2,
  '@redlane/sse-persistence/migration': 26,
  '@redlane/vlcp-compat': 172,
};

export interface EntrySize {
  readonly entry: string;
  readonly minified: number;
  readonly gzip: number;
}

/** Measures every entry as it is installed in `folder`. */
export async function measureEntries(tarballs: readonly Tarball[], folder: string): Promise<EntrySize[]> {
  const entries = tarballs.flatMap(({ manifest }) => entriesOf(manifest));
  const files = entries.map(({ name, module }) => join(folder, 'node_modules', name, module));
  const minified = await measure(files, { brotli: false });
  const gzip = await measure(files, { gzip: true });
  return entries.map(({ specifier }, index) => ({
    entry: specifier,
    minified: minified[index]!,
    gzip: gzip[index]!,
  }));
}

export function checkBudgets(sizes: readonly EntrySize[], budgets = BUDGETS): string[] {
  const over = sizes.flatMap(({ entry, minified }) => {
    const budget = budgets[entry];
    if (budget === undefined)
      return [`${entry} has no size budget: give it one in pack-check's size-budgets.ts`];
    if (minified <= budget * 1000) return [];
    return [`${entry} has ${minified} bytes minified, over its budget of ${budget} kB`];
  });
  const stale = Object.keys(budgets).filter((entry) => !sizes.some((size) => size.entry === entry));
  return [...over, ...stale.map((entry) => `${entry} has a size budget, but there is no such entry`)];
}

async function measure(files: readonly string[], compression: object): Promise<number[]> {
  const checks = files.map((path) => ({
    files: [path],
    modifyEsbuildConfig: (config: object) => ({ ...config, platform: 'node', format: 'esm' }),
    ...compression,
  }));
  const sizes = (await sizeLimit([...esbuild, ...file], { checks })) as { size: number }[];
  // The plugin takes off what an empty program has, which an empty entry does not even have.
  return sizes.map(({ size }) => Math.max(size, 0));
}
