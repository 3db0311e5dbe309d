import ts from 'typescript';

/** Where a name comes from: a declaration at the top level of the package's own files, or another module. */
export type Origin =
  | { readonly kind: 'own'; readonly symbol: ts.Symbol }
  | { readonly kind: 'import'; readonly statement: string; readonly name: string };

/** Follows imports and re-exports between the files of `folder`; undefined for members, parameters and globals. */
export function originOf(checker: ts.TypeChecker, symbol: ts.Symbol, folder: string): Origin | undefined {
  let current: ts.Symbol | undefined = symbol;
  while (current && current.flags & ts.SymbolFlags.Alias) {
    const specifier: ts.Declaration | undefined = current.declarations?.[0];
    const module: ts.StringLiteral | undefined = specifier && moduleOf(specifier);
    if (specifier && module && !module.text.startsWith('.')) return importOf(specifier, module.text);
    current = specifier && nextOf(checker, specifier, module);
  }
  const isOwn = current?.declarations?.some(
    (node) => isTopLevel(node) && node.getSourceFile().fileName.startsWith(folder),
  );
  return current && isOwn ? { kind: 'own', symbol: current } : undefined;
}

/** The statement that a declaration is printed as: for a variable, the whole `declare const`. */
export function statementOf(declaration: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

function isTopLevel(declaration: ts.Declaration): boolean {
  return statementOf(declaration).parent?.kind === ts.SyntaxKind.SourceFile;
}

function moduleOf(specifier: ts.Declaration): ts.StringLiteral | undefined {
  const statement = ts.findAncestor(
    specifier,
    (node) => ts.isImportDeclaration(node) || ts.isExportDeclaration(node),
  );
  const module = statement?.moduleSpecifier;
  return module && ts.isStringLiteral(module) ? module : undefined;
}

function nextOf(
  checker: ts.TypeChecker,
  specifier: ts.Declaration,
  module: ts.StringLiteral | undefined,
): ts.Symbol | undefined {
  if (module === undefined)
    return ts.isExportSpecifier(specifier)
      ? checker.getExportSpecifierLocalTargetSymbol(specifier)
      : undefined;
  if (!ts.isImportSpecifier(specifier) && !ts.isExportSpecifier(specifier)) return undefined;
  const target = checker.getSymbolAtLocation(module);
  const name = (specifier.propertyName ?? specifier.name).text;
  return target && checker.getExportsOfModule(target).find((exported) => exported.name === name);
}

function importOf(specifier: ts.Declaration, module: string): Origin | undefined {
  const name = (specifier as ts.NamedDeclaration).name;
  if (name === undefined || !ts.isIdentifier(name)) return undefined;
  if (ts.isExportSpecifier(specifier)) {
    const original = (specifier.propertyName ?? name).text;
    return { kind: 'import', statement: `import { ${original} } from '${module}';`, name: original };
  }
  const binding = ts.isImportSpecifier(specifier)
    ? `{ ${specifier.propertyName ? `${specifier.propertyName.text} as ` : ''}${name.text} }`
    : ts.isNamespaceImport(specifier)
      ? `* as ${name.text}`
      : name.text;
  return { kind: 'import', statement: `import ${binding} from '${module}';`, name: name.text };
}
