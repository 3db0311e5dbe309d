import { checkPackage, type Problem } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import type { Tarball } from './tarball.js';

/** publint in its strict mode, on the tarball. */
export async function checkWithPublint({ data }: Tarball): Promise<string[]> {
  const tarball = new Uint8Array(data).buffer;
  const { messages, pkg } = await publint({ pack: { tarball }, strict: true });
  return messages.map(
    (message) => `publint: ${formatMessage(message, pkg ?? {}, { color: false }) ?? message.code}`,
  );
}

/**
 * attw, on the tarball, for `node16` (from ESM and from CommonJS) and `bundler`.
 *
 * Its `node10` is left out: that resolution knows no exports map, so it finds none of the subpaths. What it does read,
 * `main` and `types`, serves `.`; and no compiler that needs it reads our declarations.
 */
export async function checkWithAttw(tarball: Tarball): Promise<string[]> {
  const result = await checkPackage(tarball.package);
  if (result.types === false) return ['attw: the package has no types'];
  return result.problems
    .filter((problem) => !('resolutionKind' in problem) || problem.resolutionKind !== 'node10')
    .map((problem) => `attw: ${describe(problem)}`);
}

function describe({ kind, ...details }: Problem): string {
  const places = Object.entries(details).map(
    ([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${kind} (${places.join(', ')})`;
}
