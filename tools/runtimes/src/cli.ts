import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseSteps } from './choose-steps.js';
import { add, type Counts, none } from './counts.js';
import { MatrixBed, matrixOf } from './matrix.js';
import { type Cell, formatResults, mergeResults, parseResults } from './results.js';
import { findRuntimes } from './runtimes.js';
import { serversOf } from './servers.js';
import { supportSummary, supportTables, writeTable } from './support-table.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[\\/]$/, '');
const RESULTS = fileURLToPath(new URL('../results.tsv', import.meta.url));

const write = process.argv.includes('--write');
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-runtimes-')));
const bed = new MatrixBed(ROOT, folder);
const cells: Cell[] = [];
try {
  const { found, missing } = await findRuntimes();
  for (const { name, reason } of missing) console.log(`· ${name}: left out, ${reason}`);
  const servers = serversOf(process.env, delimiter);
  const descriptions = new Map<string | undefined, string>();
  for (const server of servers) descriptions.set(server, (await bed.servers(server)).description);
  console.log(`· servers: ${[...descriptions.values()].join(', ')}`);

  const steps = matrixOf(found, servers, bed);
  for (const step of chooseSteps(steps, words)) {
    const { part, runtime, column } = step;
    const server = descriptions.get(step.server)!;
    const begin = Date.now();
    const { counts, problems } = await step.run();
    cells.push({ runtime: runtime.name, version: runtime.version, server, part, column, ...counts });
    const on = servers.length > 1 ? ` on ${server}` : '';
    const seconds = ((Date.now() - begin) / 1000).toFixed(1);
    console.log(`· ${runtime.name} ${runtime.version}: ${part} ${column}${on}`);
    console.log(
      `  ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped, ${seconds} s`,
    );
    if (problems !== '') console.log(problems);
  }

  const places = steps.map(({ runtime: { name, version }, part, column }) => ({
    runtime: name,
    version,
    part,
    column,
  }));
  const earlier = words.length > 0 && existsSync(RESULTS) ? parseResults(readFileSync(RESULTS, 'utf8')) : [];
  const results = write ? mergeResults(earlier, cells, places) : cells;
  const tables = supportTables(results, places);
  if (write) {
    writeFileSync(RESULTS, formatResults(results));
    writeInto(join(ROOT, 'README.md'), supportSummary(results, places));
    writeInto(join(ROOT, 'tools/runtimes/README.md'), tables);
  }
  console.log(`\n${tables}`);
} finally {
  await bed[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
}

const total = cells.reduce<Counts>(add, none);
const { REDLANE_RESULTS: results } = process.env;
if (results !== undefined) writeFileSync(results, JSON.stringify(total));
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;

function writeInto(file: string, table: string): void {
  writeFileSync(file, writeTable(readFileSync(file, 'utf8'), table));
}
