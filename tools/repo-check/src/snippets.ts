import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { error, type Finding } from './finding.js';
import { publishedPackages } from './workspace.js';

/** A `ts` block of a README. */
export interface Snippet {
  /** The README, as a path from the root. */
  readonly readme: string;
  /** Line of the opening fence, counted from 1. */
  readonly line: number;
  /** Starts with as many empty lines as the README has up to the fence: line n here is line n there. */
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

/** The TypeScript blocks in the READMEs of the root and of the published packages. */
export function snippetsOf(root: string): SnippetsOfRepository {
  const readmes = ['README.md', ...publishedPackages(root).map(({ folder }) => `${folder}/README.md`)];
  const found = readmes
    .filter((readme) => existsSync(join(root, readme)))
    .map((readme) => snippetsIn(readme, readFileSync(join(root, readme), 'utf8')));
  return {
    snippets: found.flatMap(({ snippets }) => snippets),
    findings: found.flatMap(({ findings }) => findings),
  };
}

export function snippetsIn(readme: string, text: string): SnippetsOfRepository {
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
    if (index === lines.length) findings.push(error(readme, line, 'this code block never ends'));
    if (!/^(?:ts|mts|cts|typescript)\b/i.test(info)) continue;
    if (info !== 'ts' && info !== 'ts run') {
      findings.push(error(readme, line, `mark it "ts" or "ts run": "${info}" is neither compiled nor run`));
      continue;
    }
    snippets.push({
      readme,
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
