import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ApiReport } from './api-report.js';
import { diffLines } from './diff-lines.js';
import type { PublishedPackage } from './workspace.js';

/** Compares what was built with the reports that are committed as `packages/<name>/api/<entry>.d.ts`. */
export function checkApis(packages: readonly PublishedPackage[], reports: readonly ApiReport[]): string[] {
  return packages.flatMap(({ name, folder }) => {
    const fresh = new Map(
      reports.filter((report) => report.name === name).map(({ file, text }) => [file, text]),
    );
    const files = new Set([...fresh.keys(), ...committed(folder)]);
    return [...files].flatMap((file) => {
      const path = join(folder, 'api', file);
      const before = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const after = fresh.get(file) ?? '';
      if (before === after) return [];
      const where = `packages/${basename(folder)}/api/${file}`;
      return [
        `the API is not the one in ${where}; if it is meant, run "pnpm build && pnpm api:update" and commit it\n${diffLines(before, after)}`,
      ];
    });
  });
}

/** Makes the committed reports what was built. */
export function updateApis(packages: readonly PublishedPackage[], reports: readonly ApiReport[]): void {
  for (const { name, folder } of packages) {
    rmSync(join(folder, 'api'), { recursive: true, force: true });
    for (const { file, text } of reports.filter((report) => report.name === name)) {
      const path = join(folder, 'api', file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }
}

function committed(folder: string): string[] {
  const api = join(folder, 'api');
  if (!existsSync(api)) return [];
  return readdirSync(api, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.d.ts'));
}
