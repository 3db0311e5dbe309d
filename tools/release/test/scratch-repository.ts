import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bump } from '../src/followers.js';
import { versionPackages } from '../src/version-packages.js';
import { publishedPackages, readManifest } from '../src/workspace.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What versions are made from. */
const NEEDED = [
  'package.json',
  'pnpm-workspace.yaml',
  '.changeset',
  'packages/*/package.json',
  'packages/*/api/*',
  'packages/client/src/library-version.ts',
  'tools/*/package.json',
  'tools/release/changelog.cjs',
];

/** A clone of the last commit, with a history of its own, in which versions may be moved. */
export class ScratchRepository implements Disposable {
  readonly root: string = mkdtempSync(join(tmpdir(), 'redlane-release-'));

  constructor() {
    this.#git('clone', '--quiet', '--depth', '1', '--no-checkout', `file://${ROOT}`, '.');
    this.#git('checkout', 'HEAD', '--', ...NEEDED);
    // What was cloned may itself be a shallow clone, whose history changesets would ask for.
    rmSync(join(this.root, '.git'), { recursive: true });
    this.#git('init', '--quiet');
    this.#git('add', '--all');
    const author = ['-c', 'user.name=test', '-c', 'user.email=test@localhost'];
    this.#git(...author, 'commit', '--quiet', '--message', 'test');
  }

  /** As it was cloned. */
  reset(): void {
    this.#git('reset', '--quiet', '--hard');
    this.#git('clean', '--quiet', '-fd');
  }

  /** All packages as if this version had been released: without changesets and changelogs. */
  release(version: string): void {
    for (const file of this.changesets()) rmSync(this.#path('.changeset', file));
    for (const folder of readdirSync(this.#path('packages'))) {
      rmSync(this.#path('packages', folder, 'CHANGELOG.md'), { force: true });
      const manifest = this.#path('packages', folder, 'package.json');
      const text = readFileSync(manifest, 'utf8');
      writeFileSync(manifest, text.replace(/("version": ")[^"]*/, `$1${version}`));
    }
  }

  /** A change with its changeset, which is then used up. Gives the packages whose versions have moved. */
  async change(
    bumps: Readonly<Record<string, Bump>>,
    summary = 'Something has changed.',
  ): Promise<Record<string, string>> {
    const lines = Object.entries(bumps).map(([folder, bump]) => `'@redlane/${folder}': ${bump}`);
    writeFileSync(this.#path('.changeset', 'a-change.md'), `---\n${lines.join('\n')}\n---\n\n${summary}\n`);
    const before = this.versions();
    await versionPackages(this.root);
    return Object.fromEntries(
      Object.entries(this.versions()).filter(([folder, version]) => version !== before[folder]),
    );
  }

  async usePending(): Promise<void> {
    await versionPackages(this.root);
  }

  versions(): Record<string, string> {
    return Object.fromEntries(
      publishedPackages(this.root).map(({ name, version }) => [name.split('/')[1]!, version]),
    );
  }

  changesets(): string[] {
    return readdirSync(this.#path('.changeset')).filter(
      (file) => file.endsWith('.md') && file !== 'README.md',
    );
  }

  changelog(folder: string): string | undefined {
    const file = this.#path('packages', folder, 'CHANGELOG.md');
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  }

  dependencies(folder: string): Readonly<Record<string, string>> {
    return readManifest(this.#path('packages', folder)).dependencies ?? {};
  }

  /** As if the API of a package named no types of another one. */
  hideTypes(folder: string): void {
    const api = this.#path('packages', folder, 'api');
    for (const file of readdirSync(api)) writeFileSync(join(api, file), 'export {};\n');
  }

  read(...path: string[]): string {
    return readFileSync(this.#path(...path), 'utf8');
  }

  [Symbol.dispose](): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #path(...path: string[]): string {
    return join(this.root, ...path);
  }

  #git(...args: string[]): void {
    execFileSync('git', args, { cwd: this.root, stdio: ['ignore', 'ignore', 'pipe'] });
  }
}
