import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const CORE = fileURLToPath(new URL('../core/', import.meta.url));

/**
 * Writes the program of the core paths as JavaScript that any of the runtimes takes, and returns the path of the file to
 * run. It imports our packages by name: `folder` must be where those that are meant can be found.
 */
export function writeCoreProgram(folder: string, format: 'esm' | 'cjs'): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: format === 'esm' ? 'module' : 'commonjs' }),
  );
  for (const file of readdirSync(CORE)) {
    const { outputText } = ts.transpileModule(readFileSync(join(CORE, file), 'utf8'), {
      fileName: file,
      compilerOptions: {
        target: ts.ScriptTarget.ES2022,
        module: format === 'esm' ? ts.ModuleKind.ESNext : ts.ModuleKind.CommonJS,
        esModuleInterop: true,
      },
    });
    writeFileSync(join(folder, file.replace(/\.ts$/, '.js')), outputText);
  }
  return join(folder, 'main.js');
}
