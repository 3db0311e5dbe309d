import type { Counts } from './counts.js';
import { LEFT_OUT } from './left-out.js';
import type { Step } from './matrix.js';
import type { MissingRuntime, Runtime } from './runtimes.js';

export type Cell = Pick<Step, 'part' | 'runtime' | 'column'> & { readonly counts: Counts };

const MARKS = ['<!-- begin: written by "npm run test:runtimes -- --write" -->', '<!-- end -->'] as const;

/** What is supported, as a run has found it. */
export function supportTable(
  cells: readonly Cell[],
  servers: readonly string[],
  missing: readonly MissingRuntime[],
): string {
  const runtimes = unique(cells.map(({ runtime }) => runtime));
  const columns = unique(cells.map(({ column }) => column));
  const rows = columns.map((column) => [
    headingOf(cells, column),
    ...runtimes.map((runtime) => verdictOf(cells, runtime, column)),
  ]);
  const heads = ['', ...runtimes.map(({ name, version }) => `${name} (${version})`)];
  return [
    table([heads, ...rows]),
    `Servers: ${servers.join(', ')}; over RESP3 and RESP2.${missing.map(({ name, reason }) => ` ${name} was not tried: ${reason}.`).join('')}`,
    leftOutList(runtimes),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Puts the table between its marks. */
export function writeTable(text: string, content: string): string {
  const [begin, end] = MARKS;
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`there are no marks ${begin} and ${end} to write between`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function headingOf(cells: readonly Cell[], column: string): string {
  const part = cells.find((cell) => cell.column === column)?.part;
  if (part === 'core') return `core paths, ESM and CommonJS, ${column}`;
  return part === 'install' ? `installed by ${column}` : `tests of ${column}`;
}

function verdictOf(cells: readonly Cell[], runtime: Runtime, column: string): string {
  const here = cells.filter((cell) => cell.runtime === runtime && cell.column === column);
  if (here.length === 0) return '';
  const failed = here.reduce((sum, { counts }) => sum + counts.failed, 0);
  if (failed > 0) return `${failed} failed`;
  const leftOut = LEFT_OUT.some(({ kind, package: name }) => kind === runtime.kind && name === column);
  return `${here.reduce((sum, { counts }) => sum + counts.passed, 0)}${leftOut ? ' ¹' : ''}`;
}

function leftOutList(runtimes: readonly Runtime[]): string {
  const lines = LEFT_OUT.filter(({ kind }) => runtimes.some((runtime) => runtime.kind === kind)).map(
    ({ kind, package: name, file, tests = [], reason }) =>
      `- ${kind === 'bun' ? 'Bun' : 'Deno'}, ${name}: ${[...(file === undefined ? [] : [`\`${file}\``]), ...tests.map((test) => `“${test}”`)].join(', ')}: ${reason}.`,
  );
  return lines.length === 0
    ? ''
    : ['¹ without tests that say nothing about our packages there:', ...lines].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, index) => Math.max(3, ...rows.map((row) => row[index]!.length)));
  const lines = rows.map((row) => `| ${row.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')} |`);
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [lines[0], rule, ...lines.slice(1)].join('\n');
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
