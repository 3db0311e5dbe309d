import { documents } from './documents.js';
import { error, type Finding } from './finding.js';

/** A `ts` block of a document. */
export interface Snippet {
  /** Path from the root. */
  readonly document: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Starts with as many empty lines as the document has up to the fence: line n here is line n there. */
  readonly code: string;
  /** Marked `ts run`. */
  readonly runs: boolean;
}

export interface SnippetsOfRepository {
  readonly snippets: readonly Snippet[];
  /** Blocks that would be passed over because of a slip in their fence. */
  readonly findings: readonly Finding[];
}

const FENCE = /^(?<indent>\s*)(?<ticks>`{3,}|~{3,})\s*(?<info>.*?)\s*$/;

/** The TypeScript blocks in what users read. */
export function snippetsOf(root: string): SnippetsOfRepository {
  const found = documents(root).map(({ path, text }) => snippetsIn(path, text));
  return {
    snippets: found.flatMap(({ snippets }) => snippets),
    findings: found.flatMap(({ findings }) => findings),
  };
}

export function snippetsIn(document: string, text: string): SnippetsOfRepository {
  const lines = text.split(/\r?\n/);
  const snippets: Snippet[] = [];
  const findings: Finding[] = [];
  for (let index = 0; index < lines.length; index++) {
    const { indent = '', ticks, info = '' } = FENCE.exec(lines[index]!)?.groups ?? {};
    if (ticks === undefined) continue;
    const line = index + 1;
    const body: string[] = [];
    while (++index < lines.length && !closes(lines[index]!, ticks)) {
      body.push(
        lines[index]!.startsWith(indent) ? lines[index]!.slice(indent.length) : lines[index]!.trimStart(),
      );
    }
    if (index === lines.length) findings.push(error(document, line, 'this code block never ends'));
    if (!/^(?:ts|mts|cts|typescript)\b/i.test(info)) continue;
    if (info !== 'ts' && info !== 'ts run') {
      findings.push(error(document, line, `mark it "ts" or "ts run": "${info}" is neither compiled nor run`));
      continue;
    }
    snippets.push({
      document,
      line,
      code: `${'\n'.repeat(line)}${body.join('\n')}\n`,
      runs: info === 'ts run',
    });
  }
  return { snippets, findings };
}

function closes(line: string, ticks: string): boolean {
  const text = line.trim();
  return text.startsWith(ticks) && text === ticks[0]!.repeat(text.length);
}
