import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { supportTable } from '../src/support.js';

const DOCS = new URL('../../../packages/client/docs/drivers.md', import.meta.url);
const BETWEEN = /<!-- support table -->\n([\s\S]*?)<!-- end of the support table -->/;

/** Without what a formatter does to a table. */
function cells(table: string): string[][] {
  const lines = table.trim().split('\n');
  return lines.map((line) => line.split('|').map((cell) => cell.trim().replace(/-+/, '-')));
}

it('stands in the documentation as it is', () => {
  const [, found = ''] = BETWEEN.exec(readFileSync(DOCS, 'utf8')) ?? [];
  expect(cells(found)).toEqual(cells(supportTable()));
});
