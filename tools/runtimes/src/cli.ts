import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseSteps } from './choose-steps.js';
import { add, none } from './counts.js';
import { MatrixBed, matrixOf } from './matrix.js';
import { findRuntimes } from './runtimes.js';
import { serversOf } from './servers.js';
import { type Cell, supportTable, writeTable } from './support-table.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const README = fileURLToPath(new URL('../README.md', import.meta.url));

const write = process.argv.includes('--write');
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-runtimes-')));
const bed = new MatrixBed(ROOT, folder);
const cells: Cell[] = [];
try {
  const { found, missing } = await findRuntimes();
  for (const { name, reason } of missing) console.log(`· ${name}: left out, ${reason}`);
  const servers = serversOf(process.env, delimiter);
  const descriptions = [];
  for (const server of servers) descriptions.push((await bed.servers(server)).description);
  console.log(`· servers: ${descriptions.join(', ')}`);

  for (const step of chooseSteps(matrixOf(found, servers, bed), words)) {
    const { part, runtime, column, server } = step;
    const begin = Date.now();
    const { counts, problems } = await step.run();
    cells.push({ part, runtime, column, counts });
    const on = servers.length > 1 ? ` on ${descriptions[servers.indexOf(server)]}` : '';
    const seconds = ((Date.now() - begin) / 1000).toFixed(1);
    console.log(`· ${runtime.name} ${runtime.version}: ${part} ${column}${on}`);
    console.log(
      `  ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${seconds} s`,
    );
    if (problems !== '') console.log(problems);
  }

  const table = supportTable(cells, descriptions, missing);
  if (write) writeFileSync(README, writeTable(readFileSync(README, 'utf8'), table));
  console.log(`\n${table}`);
} finally {
  await bed[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}

const total = cells.map(({ counts }) => counts).reduce(add, none);
const { REDLANE_RESULTS: results } = process.env;
if (results !== undefined) writeFileSync(results, JSON.stringify(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
