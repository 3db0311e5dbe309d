import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fixturePackage, fixtureTree, type Tree } from './fixture-tree.js';
import { root } from './root.js';

/** Runs the command of `npm test` on another repository. */
function check(tree: Tree): { status: number | null; stdout: string } {
  const cli = join(root, 'tools/repo-check/src/cli.ts');
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), cli, fixtureTree(tree)],
    {
      encoding: 'utf8',
    },
  );
  return { status, stdout };
}

describe('repo-check', () => {
  it('ends with status 0 when it has only advice', () => {
    const { status, stdout } = check(
      fixturePackage('client', { src: { 'long.ts': 'export {};\n'.repeat(301) } }),
    );
    expect(stdout).toBe(
      'packages/client/src/long.ts:1 advice: 301 lines; more than 300 are rarely one concept\nrepo-check: nothing wrong\n',
    );
    expect(status).toBe(0);
  });

  it('ends with status 1 and a line for each error of every kind', () => {
    const { status, stdout } = check({
      ...fixturePackage('client', { readme: '```ts\nconst one: string = 1;\n```\n' }),
      ...fixturePackage('channel', {
        dependencies: { '@redlane/client': 'workspace:^' },
        src: { 'index.ts': "export * from '@redlane/sse-persistence';\nconsole.log(1);\n" },
        manifest: { main: './dist/main.cjs' },
      }),
      '.npmrc': 'registry=here\n',
      'tools/huge/src/huge.ts': 'export {};\n'.repeat(601),
    });
    expect(stdout.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'packages/channel/src/index.ts:1',
      'packages/channel/package.json:5',
      'packages/channel/src/index.ts:2',
      'tools/huge/src/huge.ts:1',
      '.npmrc:1',
      'packages/client/README.md:2',
      'repo-check:',
      '',
    ]);
    expect(status).toBe(1);
  });
});
