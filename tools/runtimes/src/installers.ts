import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from './runtimes.js';

/** Where an installation happens, and what for. */
export interface Project {
  readonly folder: string;
  /** Of the registry. */
  readonly registry: string;
  /** A folder for caches, so that nothing comes from, or goes to, those of the user. */
  readonly cache: string;
  readonly runtime: Runtime;
}

export interface Installer {
  readonly name: string;
  command(project: Project): { command: string; args: string[]; env?: Record<string, string> };
}

const ROOT = new URL('../../../package.json', import.meta.url);
const { packageManager } = JSON.parse(readFileSync(ROOT, 'utf8')) as { packageManager: string };
/** Without an install script, unlike the package `yarn`. */
const YARN = '@yarnpkg/cli-dist@4.18.1';

const npx = ['--yes', '--package'];

function pnpm(name: string, linker: string): Installer {
  return {
    name,
    command: ({ registry, cache }) => ({
      command: 'npx',
      args: [
        ...npx,
        packageManager,
        'pnpm',
        'install',
        '--ignore-workspace',
        `--registry=${registry}`,
        `--store-dir=${join(cache, 'pnpm-store')}`,
        `--config.cache-dir=${join(cache, 'pnpm')}`,
        `--config.node-linker=${linker}`,
      ],
    }),
  };
}

function npm(name: string, strategy: string): Installer {
  return {
    name,
    command: ({ registry, cache }) => ({
      command: 'npm',
      args: [
        'install',
        '--no-audit',
        '--no-fund',
        '--no-update-notifier',
        `--registry=${registry}`,
        `--cache=${join(cache, 'npm')}`,
        `--install-strategy=${strategy}`,
      ],
    }),
  };
}

/** What puts packages into a project, each in its own layout. */
export const INSTALLERS = {
  npm: npm('npm', 'hoisted'),
  npmNested: npm('npm, nested', 'nested'),
  pnpm: pnpm('pnpm', 'isolated'),
  pnpmHoisted: pnpm('pnpm, hoisted', 'hoisted'),
  yarn: {
    name: 'yarn, hoisted',
    command: ({ registry, cache }) => ({
      command: 'npx',
      args: [...npx, YARN, 'yarn', 'install'],
      env: {
        YARN_NPM_REGISTRY_SERVER: registry,
        YARN_UNSAFE_HTTP_WHITELIST: '127.0.0.1',
        YARN_NODE_LINKER: 'node-modules',
        YARN_ENABLE_GLOBAL_CACHE: 'false',
        YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
        YARN_ENABLE_TELEMETRY: 'false',
        YARN_GLOBAL_FOLDER: join(cache, 'yarn'),
      },
    }),
  },
  bun: {
    name: 'bun',
    command: ({ registry, cache, runtime }) => ({
      command: runtime.binary,
      args: ['install', `--registry=${registry}`, `--cache-dir=${join(cache, 'bun')}`],
    }),
  },
} as const satisfies Readonly<Record<string, Installer>>;
