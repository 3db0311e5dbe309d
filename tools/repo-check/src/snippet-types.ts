import { join } from 'node:path';
import ts from 'typescript';
import { error, type Finding } from './finding.js';
import type { SnippetFolder } from './snippet-folder.js';

/** Compiles all snippets in one program, as a strict user's compiler would, against the sources of the packages. */
export function compileSnippets({ path, files }: SnippetFolder): Finding[] {
  const program = ts.createProgram([...files.keys()], {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    moduleDetection: ts.ModuleDetectionKind.Force,
    noUncheckedSideEffectImports: true,
    customConditions: ['@redlane/source'],
    types: ['node'],
    typeRoots: [join(path, 'node_modules/@types')],
    skipLibCheck: true,
    noEmit: true,
  });
  const general = program
    .getOptionsDiagnostics()
    .map((diagnostic) => error('README.md', 1, messageOf(diagnostic)));
  const perFile = [...files].flatMap(([file, snippet]) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`the compiler did not read ${file}`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      (diagnostic) => {
        const { line } = source.getLineAndCharacterOfPosition(diagnostic.start ?? 0);
        return error(
          snippet.document,
          diagnostic.start === undefined ? snippet.line : line + 1,
          messageOf(diagnostic),
        );
      },
    );
  });
  return [...general, ...perFile];
}

function messageOf({ code, messageText }: ts.Diagnostic): string {
  return `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}
