import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from './root.js';

interface LintResult {
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

/** Lints as `npm test` does, with the root's rules, but for the fixtures, which it passes over. */
function lint(...files: string[]): { status: number | null; broken: string[] } {
  const eslint = join(root, 'node_modules/eslint/bin/eslint.js');
  const args = [eslint, '--max-warnings', '0', '--no-ignore', '--format', 'json', ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  const results = JSON.parse(stdout) as LintResult[];
  return {
    status,
    broken: results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => ruleId ?? message)),
  };
}

describe('the lint for promises', () => {
  it.each([
    ['floating-promise', ['no-floating-promises', 'no-floating-promises']],
    ['misused-promise', ['no-misused-promises']],
  ])('fails for %s.ts', (name, rules) => {
    expect(lint(`tools/repo-check/fixtures/${name}.ts`)).toEqual({
      status: 1,
      broken: rules.map((rule) => `@typescript-eslint/${rule}`),
    });
  });

  it('passes where every promise is waited for, in packages too', () => {
    expect(lint('tools/repo-check/fixtures/awaited-promise.ts', 'packages/client/src/index.ts')).toEqual({
      status: 0,
      broken: [],
    });
  });
});
