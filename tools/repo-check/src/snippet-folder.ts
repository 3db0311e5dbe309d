import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Snippet } from './snippets.js';
import { publishedPackages } from './workspace.js';

/**
 * A folder of an imaginary user who has installed every published package: the snippets as modules, and beside them a
 * `node_modules` with the packages of the workspace, what they allow as optional peers, and Node's types.
 */
export class SnippetFolder implements Disposable {
  readonly path: string = realpathSync(mkdtempSync(join(tmpdir(), 'redlane-snippets-')));
  readonly files: ReadonlyMap<string, Snippet>;

  constructor(root: string, snippets: readonly Snippet[]) {
    for (const { folder, manifest } of publishedPackages(root)) {
      this.#link(manifest.name, join(root, folder));
      for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
        const installed = join(root, folder, 'node_modules', peer);
        if (existsSync(installed)) this.#link(peer, realpathSync(installed));
      }
    }
    this.#link('@types/node', dirname(createRequire(import.meta.url).resolve('@types/node/package.json')));
    writeFileSync(join(this.path, 'package.json'), '{ "type": "module", "private": true }\n');
    this.files = new Map(snippets.map((snippet) => [this.#write(snippet), snippet]));
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  #write({ document, line, code }: Snippet): string {
    const file = join(this.path, `${document.replaceAll('/', '-').replace('.md', '')}-${line}.ts`);
    writeFileSync(file, code);
    return file;
  }

  #link(name: string, target: string): void {
    const link = join(this.path, 'node_modules', name);
    if (existsSync(link)) return;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, 'junction');
  }
}
