import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { explainInstallFailure, pnpm } from './pnpm.mjs';
import { root } from './root.mjs';

const stamp = new URL('.redlane/installed', root);

/** Workspace packages that nothing but benchmarks needs: they pull in the peers that we compare with. */
const ONLY_ON_REQUEST = ['@redlane/bench'];

function manifests() {
  const folders = ['packages/', 'tools/'].flatMap((parent) =>
    readdirSync(new URL(parent, root)).map((name) => `${parent}${name}/`),
  );
  return ['', ...folders]
    .map((folder) => new URL(`${folder}package.json`, root))
    .filter((file) => existsSync(file));
}

/** Changes when anything that decides what is installed changes. */
function fingerprint() {
  const hash = createHash('sha256').update(process.version).update(process.platform).update(process.arch);
  for (const file of [
    new URL('pnpm-lock.yaml', root),
    new URL('pnpm-workspace.yaml', root),
    ...manifests(),
  ]) {
    hash.update(file.pathname.slice(root.pathname.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Installs with the frozen lockfile, or does nothing when what is there is what would be installed. */
export async function install() {
  const wanted = fingerprint();
  const current = existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
  if (wanted === current && existsSync(new URL('node_modules/.modules.yaml', root))) return 'unchanged';
  const filters = ONLY_ON_REQUEST.map((name) => `--filter=!${name}`);
  const { ok, output } = await pnpm(['install', '--frozen-lockfile', '--prefer-offline', ...filters]);
  if (!ok) throw explainInstallFailure(output);
  mkdirSync(new URL('.', stamp), { recursive: true });
  writeFileSync(stamp, wanted);
  return 'installed';
}
