import { fileURLToPath } from 'node:url';
import { checkPackages } from './check-packages.js';

const root = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const { problems, sizes } = await checkPackages(root, { updateApi: process.argv.includes('--update-api') });

for (const { entry, minified, gzip } of sizes)
  console.log(`${entry}: ${minified} bytes minified, ${gzip} gzipped`);
for (const problem of problems) console.log(problem);
console.log(
  problems.length === 0 ? 'pack-check: nothing wrong' : `pack-check: ${problems.length} problem(s)`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
