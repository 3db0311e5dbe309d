import type { Document } from './documents.js';

/** A fenced block of a document. */
export interface CodeBlock {
  /** What stands behind the opening fence: `ts run`. */
  readonly info: string;
  /** Lines of the fences, counted from 1; without a closing one, that behind the last. */
  readonly begin: number;
  readonly end: number;
  readonly isClosed: boolean;
  /** Starts with as many empty lines as the document has up to the fence: line n here is line n there. */
  readonly code: string;
}

const FENCE = /^(?<indent>\s*)(?<ticks>`{3,}|~{3,})\s*(?<info>.*?)\s*$/;

export function codeBlocks({ text }: Pick<Document, 'text'>): CodeBlock[] {
  const lines = text.split(/\r?\n/);
  const blocks: CodeBlock[] = [];
  for (let index = 0; index < lines.length; index++) {
    const { indent = '', ticks, info = '' } = FENCE.exec(lines[index]!)?.groups ?? {};
    if (ticks === undefined) continue;
    const begin = index + 1;
    const body: string[] = [];
    while (++index < lines.length && !closes(lines[index]!, ticks)) {
      const line = lines[index]!;
      body.push(line.startsWith(indent) ? line.slice(indent.length) : line.trimStart());
    }
    const code = `${'\n'.repeat(begin)}${body.join('\n')}\n`;
    blocks.push({ info, begin, end: index + 1, isClosed: index < lines.length, code });
  }
  return blocks;
}

function closes(line: string, ticks: string): boolean {
  const text = line.trim();
  return text.startsWith(ticks) && text === ticks[0]!.repeat(text.length);
}
