import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** A Chromium to drive, or why there is none. */
export type ChromiumFound = { readonly path: string } | { readonly reason: string };

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const INSTALL_TIMEOUT_MS = 240_000;

/**
 * Finds Chromium in `CHROMIUM`, then on PATH; else installs Debian's package, when apt-get can do that without asking for a
 * password. `CHROMIUM=none` does without.
 */
export async function ensureChromium(env: NodeJS.ProcessEnv = process.env): Promise<ChromiumFound> {
  const { CHROMIUM: named } = env;
  if (named === 'none') return { reason: 'CHROMIUM=none' };
  if (named !== undefined && named !== '') {
    return isExecutable(named) ? { path: named } : { reason: `CHROMIUM names no program: ${named}` };
  }
  const found = onPath(env);
  if (found !== undefined) return { path: found };
  const failure = await install();
  if (failure !== undefined) return { reason: failure };
  const installed = onPath(env);
  return installed === undefined ? { reason: 'apt-get has installed no chromium' } : { path: installed };
}

function onPath({ PATH = '' }: NodeJS.ProcessEnv): string | undefined {
  const folders = PATH.split(path.delimiter).filter((folder) => folder !== '');
  return NAMES.flatMap((name) => folders.map((folder) => path.join(folder, name))).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns why it is not possible */
async function install(): Promise<string | undefined> {
  const isRoot = process.getuid?.() === 0;
  const sudo = isRoot ? [] : ['sudo', '-n'];
  if (process.platform !== 'linux' || (await run('apt-get', '--version')) !== undefined) {
    return 'chromium was not found, and there is no apt-get to install it with: install it, or name it in CHROMIUM';
  }
  if (!isRoot && (await run('sudo', '-n', 'true')) !== undefined) {
    return 'chromium was not found, and installing it needs a password: run "sudo apt-get install chromium"';
  }
  const apt = [...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  const packages = ['install', '-y', '--no-install-recommends', 'chromium'];
  // The lists may be old, or missing; without a network they stay so.
  await run(...apt, 'update');
  const failure = await run(...apt, ...packages);
  return failure === undefined ? undefined : `apt-get could not install chromium: ${failure}`;
}

/** @returns the last line of what a failed program has said */
function run(...[program = '', ...args]: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { timeout: INSTALL_TIMEOUT_MS, maxBuffer: 64 * 1_048_576 };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve((stderr || stdout).trim().split('\n').at(-1) || error.message);
    });
  });
}
