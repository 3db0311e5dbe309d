import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** What the compiler had to make for a program: the same on every machine, unlike its time and memory. */
export interface TypeCost {
  readonly types: number;
  readonly instantiations: number;
}

const FILE = fileURLToPath(new URL('../../src/type-cost-sample.ts', import.meta.url));

/** Parsed files of the packages and of TypeScript, for the next program. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** Checks one source as a strict user's compiler would, against the sources of this package. It must be free of errors. */
export function typeCost(source: string): TypeCost {
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ['@redlane/source'],
    types: ['node'],
    skipLibCheck: true,
    noEmit: true,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = (path) => path === FILE || fileExists(path);
  host.readFile = (path) => (path === FILE ? source : readFile(path));
  const getSourceFile = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) => {
    if (path === FILE) return ts.createSourceFile(path, source, options.target!);
    if (!parsed.has(path)) parsed.set(path, getSourceFile(path, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram([FILE], options, host);
  const sample = program.getSourceFile(FILE);
  const problems = [...program.getSyntacticDiagnostics(sample), ...program.getSemanticDiagnostics(sample)];
  if (problems.length > 0) {
    throw new Error(
      problems.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')).join(),
    );
  }
  return { types: program.getTypeCount(), instantiations: program.getInstantiationCount() };
}
