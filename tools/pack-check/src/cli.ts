import { fileURLToPath } from 'node:url';
import { checkPackages } from './check-packages.js';

const [given] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const root = given ?? fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const { packages, problems, sizes } = await checkPackages(root, {
  updateApi: process.argv.includes('--update-api'),
});

for (const { entry, minified, gzip } of sizes)
  console.log(`${entry}: ${minified} bytes minified, ${gzip} gzipped`);
for (const problem of problems) console.log(problem);
console.log(`pack-check: ${packages} packages, ${sizes.length} entries, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
