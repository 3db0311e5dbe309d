import { defineConfig } from 'vitest/config';

// Vitest hands these to Node, which adds `import` or `require` to fit. Named here, `import` would be true of `require`, too,
// and packages that have one file for each would give a CommonJS module the wrong one.
const conditions = ['@redlane/source', 'node'];

/** Unit tests beside sources and integration tests in `test/`, run against sources, with results for the total count. */
export function suite({ slow = process.env.REDLANE_SLOW === '1', ...test } = {}) {
  return defineConfig({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      include: ['src/**/*.test.ts', 'test/**/*.test.ts', ...(slow ? ['test/**/*.slow.ts'] : [])],
      testTimeout: slow ? 600_000 : 30_000,
      hookTimeout: 60_000,
      pool: 'forks',
      // Most of the time goes into waiting for servers: on two processors, one file at a time would leave them idle.
      maxWorkers: 3,
      passWithNoTests: true,
      reporters: process.env.REDLANE_RESULTS ? ['default', 'json'] : ['default'],
      ...(process.env.REDLANE_RESULTS ? { outputFile: { json: process.env.REDLANE_RESULTS } } : {}),
      ...test,
    },
  });
}
