import ts from 'typescript';
import { error, type Finding } from './finding.js';
import { type SourceFile, sourceFiles } from './source-files.js';
import { publishedPackages } from './workspace.js';

/** A library reports through errors, events and diagnostics channels; the console belongs to the application. */
export function checkConsoleCalls(root: string): Finding[] {
  return publishedPackages(root).flatMap(({ folder }) => sourceFiles(root, folder).flatMap(consoleUses));
}

function consoleUses({ path, text }: SourceFile): Finding[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) &&
      isConsole(node.expression)
    ) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      findings.push(error(path, line + 1, 'a package must not write to the console'));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

function isConsole(node: ts.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'console';
  return ts.isPropertyAccessExpression(node) && node.name.text === 'console';
}
