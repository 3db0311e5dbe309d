import { fileURLToPath } from 'node:url';
import { checkPackages } from './check-packages.js';

const [given] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const root = given ?? fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const { problems, sizes } = await checkPackages(root, { updateApi: process.argv.includes('--update-api') });

for (const { entry, minified, gzip } of sizes)
  console.log(`${entry}: ${minified} bytes minified, ${gzip} gzipped`);
for (const problem of problems) console.log(problem);
console.log(
  problems.length === 0
    ? 'pack-check: nothing wrong'
    : `pack-check: ${problems.length} problem${problems.length === 1 ? '' : 's'}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
