import { codeBlocks } from './code-blocks.js';
import { type Document, documents } from './documents.js';
import { error, type Finding } from './finding.js';

/** A `ts` block of a document. */
export interface Snippet {
  /** Path from the root. */
  readonly document: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Starts with as many empty lines as the document has up to the fence: line n here is line n there. */
  readonly code: string;
  /** What it runs with: marked `ts run`, or `ts run cluster`. */
  readonly runsOn: 'server' | 'cluster' | undefined;
}

export interface SnippetsOfRepository {
  readonly snippets: readonly Snippet[];
  /** Blocks that would be passed over because of a slip in their fence. */
  readonly findings: readonly Finding[];
}

const MARKS: ReadonlyMap<string, Snippet['runsOn']> = new Map([
  ['ts', undefined],
  ['ts run', 'server'],
  ['ts run cluster', 'cluster'],
]);

/** The TypeScript blocks in what users read. */
export function snippetsOf(root: string): SnippetsOfRepository {
  const found = documents(root).map(snippetsIn);
  return {
    snippets: found.flatMap(({ snippets }) => snippets),
    findings: found.flatMap(({ findings }) => findings),
  };
}

export function snippetsIn(document: Document): SnippetsOfRepository {
  const snippets: Snippet[] = [];
  const findings: Finding[] = [];
  for (const { info, begin, isClosed, code } of codeBlocks(document)) {
    if (!isClosed) findings.push(error(document.path, begin, 'this code block never ends'));
    if (!/^(?:ts|mts|cts|typescript)\b/i.test(info)) continue;
    if (MARKS.has(info)) {
      snippets.push({ document: document.path, line: begin, code, runsOn: MARKS.get(info) });
    } else {
      findings.push(
        error(document.path, begin, `mark it "ts" or "ts run": "${info}" is neither compiled nor run`),
      );
    }
  }
  return { snippets, findings };
}
