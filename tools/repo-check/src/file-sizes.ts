import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { advice, error, type Finding } from './finding.js';
import { sourceFiles } from './source-files.js';

const ADVISED_LINES = 300;
const MOST_LINES = 600;

/** Files that may be longer than {@link MOST_LINES} lines, each with the reason why it is not taken apart. */
const LONG_FOR_A_REASON: Readonly<Record<string, string>> = {
  'packages/resp3-core/src/decoder.ts':
    'one loop whose state is in locals; what is cold stands in files of its own',
};

/** One concept a file: long ones get advice, very long ones fail. Tests may be as long as they need. */
export function checkFileSizes(
  root: string,
  reasons: Readonly<Record<string, string>> = LONG_FOR_A_REASON,
): Finding[] {
  return folders(root)
    .flatMap((folder) => sourceFiles(root, folder))
    .flatMap(({ path, text }) => {
      const lines = text.trimEnd().split('\n').length;
      if (lines <= ADVISED_LINES) return [];
      if (lines <= MOST_LINES || reasons[path] !== undefined) {
        return [advice(path, 1, `${lines} lines; more than ${ADVISED_LINES} are rarely one concept`)];
      }
      return [
        error(path, 1, `${lines} lines: split it, or list it with a reason in repo-check's file-sizes.ts`),
      ];
    });
}

function folders(root: string): string[] {
  return ['packages', 'tools']
    .filter((parent) => existsSync(join(root, parent)))
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));
}
