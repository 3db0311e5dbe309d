import { readFileSync } from 'node:fs';
import { Failure } from './failure.mjs';
import { root } from './root.mjs';
import { run } from './run.mjs';

const { packageManager } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));

/** Runs pnpm in the exact version that package.json names. Inside, `npx` puts it on PATH, so that turbo finds it too. */
export function pnpm(args, options) {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  return run(npx, ['--yes', packageManager, ...args], { cwd: root, ...options });
}

/** The first words of a pnpm or npm failure that tell a missing network from everything else. */
export function explainInstallFailure(output) {
  if (
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|META_FETCH_FAIL/.test(output)
  ) {
    return new Failure(
      'cannot reach the npm registry.',
      'Check the network connection or the proxy settings and run it again.',
    );
  }
  if (/ERR_PNPM_OUTDATED_LOCKFILE/.test(output)) {
    return new Failure(
      'pnpm-lock.yaml does not fit the package.json files.',
      'Run "pnpm install" and commit the lockfile.',
    );
  }
  if (/ENOSPC/.test(output)) return new Failure('the disk is full.', 'Free some space and run it again.');
  return new Failure(`the installation failed.\n${output.trim().split('\n').slice(-20).join('\n')}`);
}
