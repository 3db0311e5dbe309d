import type { Counts } from './counts.js';

/** What came of one step of the matrix: the same step on another server is another cell. */
export interface Cell extends Counts {
  /** With the major version: `Node 24`. */
  readonly runtime: string;
  readonly version: string;
  /** With its version: `redis 7.0.15`. */
  readonly server: string;
  readonly part: 'suites' | 'core' | 'install';
  /** A package, a protocol or an installer. */
  readonly column: string;
}

const FIELDS = [
  'runtime',
  'version',
  'server',
  'part',
  'column',
  'passed',
  'failed',
  'skipped',
] as const satisfies readonly (keyof Cell)[];

/** A line for each cell, fields separated by tabs, below a line with their names. */
export function formatResults(cells: readonly Cell[]): string {
  const rows = cells.map((cell) => FIELDS.map((field) => String(cell[field])));
  return [FIELDS, ...rows].map((row) => `${row.join('\t')}\n`).join('');
}

export function parseResults(text: string): Cell[] {
  const [, ...lines] = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => {
    const [runtime = '', version = '', server = '', part, column = '', ...counts] = line.split('\t');
    const [passed = 0, failed = 0, skipped = 0] = counts.map(Number);
    return { runtime, version, server, part: part as Cell['part'], column, passed, failed, skipped };
  });
}

/**
 * What is known after a run of some steps: its cells, and those of earlier runs that it has not replaced. One of another version of
 * the runtime, or of a step that there is no more, says nothing any more.
 *
 * @param steps - all that the matrix has now, in their order
 */
export function mergeResults<S extends Pick<Cell, 'runtime' | 'version' | 'part' | 'column'>>(
  earlier: readonly Cell[],
  run: readonly Cell[],
  steps: readonly S[],
): Cell[] {
  const replaced = new Set(run.map(placeOf));
  const cells = [...earlier.filter((cell) => !replaced.has(placeOf(cell))), ...run];
  const order = new Map(steps.map((step, index) => [stepOf(step), index]));
  const rank = (cell: Cell): number | undefined => order.get(stepOf(cell));
  return cells.filter((cell) => rank(cell) !== undefined).sort((a, b) => rank(a)! - rank(b)!);
}

function stepOf({ runtime, version, part, column }: Pick<Cell, 'runtime' | 'version' | 'part' | 'column'>) {
  return [runtime, version, part, column].join('\t');
}

function placeOf(cell: Cell): string {
  return `${stepOf(cell)}\t${cell.server}`;
}
