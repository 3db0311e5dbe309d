import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { error, type Finding } from './finding.js';

interface Rule {
  readonly pattern: RegExp;
  readonly message: string;
  /** Which files it is about; all of them without it. */
  readonly files?: RegExp;
}

/** Only the start of a path counts: not the tail of a longer one, nor the path of a URL other than `file:`. */
const START = String.raw`(?:(?<![\w.:@$}/~-])|(?<=\bfile://))`;

const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(String.raw`${START}/(?:home|Users)/[\w.-]+`),
    message: 'names the home folder of a machine',
  },
  { pattern: new RegExp(`${START}/(?:root|work)/`), message: 'names a folder of a machine' },
  { pattern: /\b[A-Z]:\\+Users\\/i, message: 'names the home folder of a machine' },
  {
    pattern: /https?:\/\/(?:registry\.|npm\.|[\w.-]*(?:artifactory|nexus|verdaccio))/i,
    message: 'names the host of a registry',
  },
  { files: /(?:^|\/)\.npmrc$/, pattern: /registry\s*=|^\/\//, message: 'names the host of a registry' },
  {
    files: /(?:^|\/)pnpm-lock\.yaml$/,
    pattern: /\btarball:/,
    message: 'a locked tarball names the host that it came from',
  },
];

/** What git tracks (or would, once added) works on every machine: no absolute path and no registry's host in it. */
export function checkMachineNames(root: string): Finding[] {
  return trackedFiles(root).flatMap((path) => {
    const bytes = readFileSync(join(root, path));
    if (bytes.includes(0)) return [];
    return bytes
      .toString('utf8')
      .split('\n')
      .flatMap((text, index) =>
        RULES.filter(({ files, pattern }) => (files?.test(path) ?? true) && pattern.test(text)).map(
          ({ message }) => error(path, index + 1, message),
        ),
      );
  });
}

function trackedFiles(root: string): string[] {
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.split('\0').filter((path) => path !== '' && existsSync(join(root, path)));
}
