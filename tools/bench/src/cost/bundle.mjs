import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const require = createRequire(import.meta.url);
const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** Everything a package exports with all its dependencies, minified for Node, in KB of 1,000 bytes. */
export async function bundleSize(name) {
  // tsx brings esbuild.
  const { build } = createRequire(require.resolve('tsx'))('esbuild');
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(name)};`, resolveDir: FOLDER },
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'error',
  });
  const { contents } = outputFiles[0];
  return { minifiedKb: contents.length / 1000, gzipKb: gzipSync(contents).length / 1000 };
}
