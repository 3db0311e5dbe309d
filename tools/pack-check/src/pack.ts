import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.js';
import { readTarball, type Tarball } from './tarball.js';
import { publishedPackages } from './workspace.js';

/**
 * Packs the published packages of a workspace as `pnpm publish` would: `publishConfig.exports` takes the place of
 * `exports`, and `workspace:` ranges become versions. They must have been built.
 */
export async function packAll(root: string, destination: string): Promise<Tarball[]> {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    packageManager: string;
  };
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const args = [
    '--yes',
    packageManager,
    '--recursive',
    '--filter=./packages/*',
    'pack',
    '--pack-destination',
    destination,
  ];
  const { status, stdout, stderr } = await run(npx, args, root, 120_000);
  if (status !== 0) throw new Error(`pnpm pack failed with status ${status}\n${stdout}${stderr}`);
  return publishedPackages(root).map(({ name, version }) => {
    const file = join(destination, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`);
    return readTarball(readFileSync(file));
  });
}
