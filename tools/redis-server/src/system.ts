import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';

/** How a program ended, and what it printed on both outputs. */
export interface Outcome {
  readonly ok: boolean;
  readonly output: string;
}

/** The machine as far as finding and installing a server needs it; tests bring their own. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly isRoot: boolean;
  readonly hasSystemd: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The full path of a program, or `undefined` when it is not on PATH. */
  which(program: string): string | undefined;
  run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
}

/** This machine. */
export function thisSystem(env: NodeJS.ProcessEnv = process.env): System {
  const { PATH: searchPath = '' } = env;
  return {
    platform: process.platform,
    isRoot: process.getuid?.() === 0,
    hasSystemd: existsSync('/run/systemd/system'),
    env,
    which: (program) => onPath(program, searchPath),
    run: (program, args, extra) =>
      new Promise((resolve) => {
        const options = { env: { ...env, ...extra }, maxBuffer: 64 * 1024 * 1024 };
        execFile(program, args, options, (error, stdout, stderr) => {
          const reason = error !== null && stdout === '' && stderr === '' ? error.message : '';
          resolve({ ok: error === null, output: `${stdout}${stderr}${reason}` });
        });
      }),
  };
}

function onPath(program: string, searchPath: string): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, program))
    .find(isExecutableFile);
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
