import { join } from 'node:path';
import ts from 'typescript';
import { rollUp } from './api-roll-up.js';
import { type Entry, entriesOf, type Tarball } from './tarball.js';

export interface ApiReport {
  /** The package. */
  readonly name: string;
  /** Path in the package's `api` folder: `index.d.ts`, `codec.d.ts`. */
  readonly file: string;
  readonly text: string;
}

/** The API of every entry of the packages that are installed in `folder`, from the declarations in their tarballs. */
export function reportApis(tarballs: readonly Tarball[], folder: string): ApiReport[] {
  const entries = tarballs.flatMap(({ manifest }) => entriesOf(manifest));
  const pathOf = ({ name, types }: Entry): string => join(folder, 'node_modules', name, types);
  const program = ts.createProgram(entries.map(pathOf), {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    noEmit: true,
  });
  return entries.map((entry) => {
    const source = program.getSourceFile(pathOf(entry));
    if (source === undefined) throw new Error(`${entry.specifier} has no declarations at ${entry.types}`);
    const declarations = rollUp(program.getTypeChecker(), source, join(folder, 'node_modules', entry.name));
    return {
      name: entry.name,
      file: entry.types.replace('./dist/', ''),
      text: `// The API of ${entry.specifier}, written by "pnpm api:update".\n${declarations}`,
    };
  });
}
