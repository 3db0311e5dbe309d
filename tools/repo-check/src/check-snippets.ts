import type { Finding } from './finding.js';
import { SnippetFolder } from './snippet-folder.js';
import { type RunOptions, runSnippets } from './snippet-run.js';
import { compileSnippets } from './snippet-types.js';
import { snippetsOf } from './snippets.js';

/** Blocks of the documents marked `ts` compile; those marked `ts run` also run. What does not compile is not run. */
export async function checkSnippets(root: string, options?: RunOptions): Promise<Finding[]> {
  const { snippets, findings } = snippetsOf(root);
  if (snippets.length === 0) return [...findings];
  using folder = new SnippetFolder(root, snippets);
  const types = compileSnippets(folder);
  return [...findings, ...types, ...(types.length === 0 ? await runSnippets(folder, options) : [])];
}
