import { fileURLToPath } from 'node:url';
import { checkRepository } from './check-repository.js';
import { formatFinding } from './finding.js';

const root = process.argv[2] ?? fileURLToPath(new URL('../../..', import.meta.url));
const findings = await checkRepository(root);
for (const finding of findings) console.log(formatFinding(finding));
const errors = findings.filter(({ severity }) => severity === 'error').length;
console.log(
  errors === 0 ? 'repo-check: nothing wrong' : `repo-check: ${errors} error${errors === 1 ? '' : 's'}`,
);
process.exitCode = errors === 0 ? 0 : 1;
