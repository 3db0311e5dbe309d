import { spawnSync } from 'node:child_process';
import ts from 'typescript';
import { type CodeBlock, codeBlocks } from './code-blocks.js';
import { documents } from './documents.js';
import { advice, error, type Finding } from './finding.js';

type Check = (path: string, block: CodeBlock) => Finding | undefined;

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['js', parseJavaScript],
  ['python', parsePython],
]);

/** Blocks for browsers and in Python are at least read by a parser, the latter where there is a Python. */
export function checkOtherSnippets(root: string): Finding[] {
  return documents(root).flatMap((document) =>
    codeBlocks(document).flatMap((block) => CHECKS.get(block.info)?.(document.path, block) ?? []),
  );
}

function parseJavaScript(path: string, { begin, code }: CodeBlock): Finding | undefined {
  const { diagnostics = [] } = ts.transpileModule(code, {
    fileName: 'snippet.js',
    reportDiagnostics: true,
    compilerOptions: { allowJs: true, target: ts.ScriptTarget.ES2022 },
  });
  const [first] = diagnostics;
  if (first === undefined) return undefined;
  const line = code.slice(0, first.start ?? 0).split('\n').length;
  return error(path, Math.max(line, begin), ts.flattenDiagnosticMessageText(first.messageText, '\n'));
}

function parsePython(path: string, { begin, code }: CodeBlock): Finding | undefined {
  const program = 'import ast, sys; ast.parse(sys.stdin.read(), "snippet")';
  const {
    error: missing,
    status,
    stderr,
  } = spawnSync('python3', ['-c', program], {
    input: code,
    encoding: 'utf8',
  });
  if (missing !== undefined) return advice(path, begin, 'not parsed: there is no python3');
  if (status === 0) return undefined;
  const line = Number(/line (\d+)/.exec(stderr.split('"snippet"')[1] ?? '')?.[1] ?? begin);
  return error(path, line, stderr.trim().split('\n').at(-1) ?? 'Python cannot read it');
}
