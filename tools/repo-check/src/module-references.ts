import ts from 'typescript';
import type { SourceFile } from './source-files.js';

/** A place where a file names another module. */
export interface ModuleReference {
  /** Undefined when it is computed, so that nobody can tell before it runs. */
  readonly specifier: string | undefined;
  readonly line: number;
  /** Asked for with `?.()`, which gives undefined where the runtime cannot load it so. */
  readonly optional: boolean;
}

/** Every form in which a file can name a module: static, type-only, re-exported, dynamic, required, resolved. */
export function moduleReferences({ path, text }: SourceFile): ModuleReference[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: ModuleReference[] = [];
  const lineAt = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;

  const add = (node: ts.Node, specifier: ts.Node | undefined): void => {
    const known = specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
    const optional = ts.isCallExpression(node) && node.questionDotToken !== undefined;
    found.push({ specifier: known, line: lineAt(node.getStart(file)), optional });
  };

  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) add(node, node.moduleSpecifier);
    else if (ts.isExternalModuleReference(node)) add(node, node.expression);
    else if (ts.isImportTypeNode(node)) {
      add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    } else if (ts.isCallExpression(node) && loadsModule(node.expression)) add(node, node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(file);

  for (const reference of [...file.typeReferenceDirectives, ...file.referencedFiles]) {
    found.push({ specifier: reference.fileName, line: lineAt(reference.pos), optional: false });
  }
  return found;
}

function loadsModule(callee: ts.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
  if (ts.isIdentifier(callee)) return callee.text === 'require';
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const object = callee.expression;
  if (callee.name.text === 'getBuiltinModule') return true;
  return (
    callee.name.text === 'resolve' &&
    (ts.isMetaProperty(object) || (ts.isIdentifier(object) && object.text === 'require'))
  );
}
