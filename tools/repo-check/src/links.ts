import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { codeBlocks } from './code-blocks.js';
import { type Document, documents } from './documents.js';
import { error, type Finding } from './finding.js';

const LINK = /\]\(([^()\s]+)\)/g;
const INLINE_CODE = /`[^`]*`/g;
const ELSEWHERE = /^[a-z][a-z+.-]*:/i;

/** Links of the documents lead to files that are there, and to headings that these have. The web is not asked. */
export function checkLinks(root: string): Finding[] {
  return documents(root).flatMap((document) =>
    prose(document.text).flatMap((line, index) =>
      [...line.replaceAll(INLINE_CODE, '').matchAll(LINK)].flatMap(([, target = '']) => {
        const problem = problemOf(root, document, target);
        return problem === undefined ? [] : [error(document.path, index + 1, problem)];
      }),
    ),
  );
}

function problemOf(root: string, { path, text }: Document, target: string): string | undefined {
  if (ELSEWHERE.test(target)) return undefined;
  const [file = '', heading] = target.split('#');
  const found = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), decodeURI(file)));
  if (found.startsWith('../')) return `${target} leaves the repository`;
  if (!existsSync(join(root, found))) return `${target} leads to ${found}, which does not exist`;
  if (heading === undefined || !found.endsWith('.md')) return undefined;
  const headings = headingsOf(file === '' ? text : readFileSync(join(root, found), 'utf8'));
  return headings.has(heading) ? undefined : `${found} has no heading #${heading}`;
}

/** The lines, those of code blocks empty. */
function prose(text: string): string[] {
  const blocks = codeBlocks({ text });
  return text
    .split(/\r?\n/)
    .map((line, index) =>
      blocks.some(({ begin, end }) => begin <= index + 1 && index + 1 <= end) ? '' : line,
    );
}

/** The anchors that GitHub gives to headings. */
function headingsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const line of prose(text)) {
    const heading = /^#{1,6}\s+(.*?)\s*$/.exec(line)?.[1];
    if (heading === undefined) continue;
    const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}
