import { LEFT_OUT } from './left-out.js';
import type { Cell } from './results.js';

/** A step that the tables have a cell for. */
type Wanted = Pick<Cell, 'runtime' | 'version' | 'part' | 'column'>;

const BEGIN = '<!-- begin: written by "npm run test:runtimes -- --write" -->';
const END = '<!-- end -->';

const PARTS = {
  suites: 'unit and integration tests',
  core: 'core paths: ESM and CommonJS, RESP3 and RESP2',
  install: 'packed, installed and used',
} as const;

/**
 * What is supported in a few lines: parts × runtimes, summed up.
 *
 * @param steps - the matrix; what has not been run as a whole has no number
 */
export function supportSummary(cells: readonly Cell[], steps: readonly Wanted[]): string {
  const runtimes = unique(steps.map(({ runtime }) => runtime));
  const found = onMainServer(cells);
  const rows = Object.entries(PARTS).map(([part, title]) => [
    title,
    ...runtimes.map((runtime) => {
      const wanted = steps.filter((step) => step.runtime === runtime && step.part === part);
      const here = found.filter((cell) => cell.runtime === runtime && cell.part === part);
      const isWhole = wanted.every(({ column }) => here.some((cell) => cell.column === column));
      return isWhole ? verdictOf(here, part === 'suites' && leavesOut(runtime)) : '';
    }),
  ]);
  return `${table([['', ...headsOf(steps)], ...rows])}\n\nServers: ${serversOf(cells).join(', ')}.`;
}

/** The same for each package, protocol and installer; servers; and what is left out where. */
export function supportTables(cells: readonly Cell[], steps: readonly Wanted[]): string {
  const runtimes = unique(steps.map(({ runtime }) => runtime));
  const columns = unique(steps.map(({ column }) => column));
  const found = onMainServer(cells);
  const rows = columns.map((column) => [
    headingOf(steps.find((step) => step.column === column)!),
    ...runtimes.map((runtime) =>
      verdictOf(
        found.filter((cell) => cell.runtime === runtime && cell.column === column),
        leavesOut(runtime, column),
      ),
    ),
  ]);
  const servers = serversOf(cells).map((server) => {
    const here = cells.filter((cell) => cell.server === server);
    return [
      server,
      ...Object.keys(PARTS).map((part) => verdictOf(here.filter((cell) => cell.part === part))),
    ];
  });
  return [
    table([['', ...headsOf(steps)], ...rows]),
    table([['server', 'tests', 'core paths', 'installed'], ...servers]),
    leftOutList(runtimes),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Puts tables between their marks. */
export function writeTable(text: string, content: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from === -1 || to < from) throw new Error(`there are no marks ${BEGIN} and ${END} to write between`);
  return `${text.slice(0, from + BEGIN.length)}\n\n${content}\n\n${text.slice(to)}`;
}

function headsOf(steps: readonly Wanted[]): string[] {
  return unique(steps.map(({ runtime, version }) => `${runtime} (${version})`));
}

function serversOf(cells: readonly Cell[]): string[] {
  return unique(cells.map(({ server }) => server)).sort();
}

/** Of several servers, some get a part of the matrix only. */
function onMainServer(cells: readonly Cell[]): Cell[] {
  const count = (server: string): number => cells.filter((cell) => cell.server === server).length;
  const [main] = serversOf(cells).sort((a, b) => count(b) - count(a));
  return cells.filter(({ server }) => server === main);
}

function headingOf({ part, column }: Wanted): string {
  if (part === 'core') return `core paths, ESM and CommonJS, ${column}`;
  return part === 'install' ? `installed by ${column}` : `tests of ${column}`;
}

function verdictOf(cells: readonly Cell[], hasNote = false): string {
  if (cells.length === 0) return '';
  const failed = cells.reduce((sum, cell) => sum + cell.failed, 0);
  if (failed > 0) return `${failed} failed`;
  return `${cells.reduce((sum, cell) => sum + cell.passed, 0)}${hasNote ? ' ¹' : ''}`;
}

function leavesOut(runtime: string, column?: string): boolean {
  return LEFT_OUT.some(
    ({ kind, package: name }) => kind === kindOf(runtime) && (column === undefined || name === column),
  );
}

function leftOutList(runtimes: readonly string[]): string {
  const lines = runtimes.flatMap((runtime) =>
    LEFT_OUT.filter(({ kind }) => kind === kindOf(runtime)).map(
      ({ package: name, file, tests = [], reason }) =>
        `- ${runtime}, ${name}: ${[...(file === undefined ? [] : [`\`${file}\``]), ...tests.map((test) => `“${test}”`)].join(', ')}: ${reason}.`,
    ),
  );
  return lines.length === 0
    ? ''
    : ['¹ without tests that say nothing about our packages there:', '', ...lines].join('\n');
}

function kindOf(runtime: string): string {
  return runtime.split(' ', 1)[0]!.toLowerCase();
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
