import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { run } from './run.js';

/** Where `@types/node` is: a user of a package that names Node's types has it installed. */
const TYPE_ROOT = dirname(dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));

const IMPORT_ALL = `
import { pathToFileURL } from 'node:url';
for (const file of process.argv.slice(1)) await import(pathToFileURL(file));
`;

/** Compiles one module for each entry (our declarations included, as without `skipLibCheck`), then runs what came out. */
export async function checkTypedUser(
  folder: string,
  extensions: readonly string[],
  names: Readonly<Record<string, readonly string[]>>,
  own: readonly string[],
): Promise<string[]> {
  Object.entries(names).forEach(([entry, exported], index) => {
    for (const extension of extensions)
      writeFileSync(join(folder, `entry-${index}.${extension}`), userOf(entry, exported));
  });
  const user = basename(folder);
  const { config } = ts.readConfigFile(join(folder, 'tsconfig.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  const program = ts.createProgram(fileNames, { ...options, typeRoots: [TYPE_ROOT] });

  const ours = program.getSourceFiles().filter(({ fileName }) => {
    return fileNames.includes(fileName) || own.some((name) => fileName.includes(`/node_modules/${name}/`));
  });
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...ours.flatMap((file) => [
      ...program.getSyntacticDiagnostics(file),
      ...program.getSemanticDiagnostics(file),
    ]),
  ];
  if (diagnostics.length > 0)
    return diagnostics.map((diagnostic) => `${user}: ${describe(diagnostic, folder)}`);

  // One by one: emitting the program as a whole would check all of Node's declarations first.
  for (const file of fileNames) program.emit(program.getSourceFile(file));
  const scripts = fileNames.map((file) => join(folder, 'out', basename(file).replace(/ts$/, 'js')));
  const { status, stderr } = await run(
    process.execPath,
    ['--input-type=module', '--eval', IMPORT_ALL, ...scripts],
    folder,
  );
  return status === 0 ? [] : [`${user}: what the compiler wrote does not run\n${stderr.trim()}`];
}

/** A user who knows from the types exactly the names that exist when it runs: no more, no fewer. */
function userOf(entry: string, names: readonly string[]): string {
  return `import * as entry from '${entry}';
const names = ${JSON.stringify(names)} as const satisfies readonly (keyof typeof entry)[];
type OnlyInTypes = Exclude<keyof typeof entry, (typeof names)[number]>;
const complete: [OnlyInTypes] extends [never] ? true : OnlyInTypes = true;
const missing = names.filter((name) => !(name in entry));
if (!complete || missing.length > 0) throw new Error('not there: ' + missing.join());
`;
}

function describe({ file, start, code, messageText }: ts.Diagnostic, folder: string): string {
  const text = `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
  if (file === undefined) return text;
  const line = file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
  return `${relative(join(folder, '..'), file.fileName)}:${line} ${text}`;
}
