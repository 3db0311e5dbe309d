import ts from 'typescript';
import { originOf, statementOf } from './declaration-origin.js';

/**
 * One entry's declarations in one text: what it exports and whatever those name, sorted and without comments, so that
 * neither the chunks of a build nor the order in the sources shows. Two declarations of one name become `Name` and
 * `Name_1`.
 */
export function rollUp(checker: ts.TypeChecker, entry: ts.SourceFile, folder: string): string {
  const printer = ts.createPrinter({ removeComments: true });
  const names = new Map<ts.Symbol, string>();
  const imports = new Set<string>();

  const nameOf = (symbol: ts.Symbol): string | undefined => {
    const origin = originOf(checker, symbol, folder);
    if (origin === undefined) return undefined;
    if (origin.kind === 'import') {
      imports.add(origin.statement);
      return origin.name;
    }
    const name = names.get(origin.symbol) ?? freeName(origin.symbol.name, new Set(names.values()));
    names.set(origin.symbol, name);
    return name;
  };

  const rename: ts.TransformerFactory<ts.Node> = (context) => {
    const visit = (node: ts.Node): ts.Node => {
      if (!ts.isIdentifier(node)) return ts.visitEachChild(node, visit, context);
      const symbol = checker.getSymbolAtLocation(node);
      const name = symbol && nameOf(symbol);
      return name === undefined || name === node.text ? node : ts.factory.createIdentifier(name);
    };
    return (node) => ts.visitNode(node, visit);
  };

  const print = (statement: ts.Node): string => {
    const { transformed } = ts.transform(statement, [rename]);
    return printer.printNode(ts.EmitHint.Unspecified, transformed[0]!, statement.getSourceFile());
  };

  const module = checker.getSymbolAtLocation(entry);
  const exported = module === undefined ? [] : checker.getExportsOfModule(module);
  const exports = exported.map((symbol) => {
    const name = nameOf(symbol);
    if (name === undefined)
      throw new Error(`cannot tell where ${symbol.name} of ${entry.fileName} is declared`);
    return name === symbol.name ? name : `${name} as ${symbol.name}`;
  });
  const declarations: [name: string, text: string][] = [];
  // The map grows while it is read: printing a declaration names others.
  for (const [symbol, name] of names) {
    declarations.push([name, (symbol.declarations ?? []).map((node) => print(statementOf(node))).join('\n')]);
  }
  return [
    ...[...imports].sort(),
    ...declarations.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text),
    'export {',
    ...exports.sort().map((name) => `  ${name},`),
    '};',
    '',
  ].join('\n');
}

function freeName(wanted: string, taken: ReadonlySet<string>): string {
  let name = wanted;
  for (let index = 1; taken.has(name); index++) name = `${wanted}_${index}`;
  return name;
}
