import { expect, it } from 'vitest';
import { fixtureTree } from '../test/fixture-tree.js';
import { checkOtherSnippets } from './other-snippets.js';

function findings(...lines: string[]): ReturnType<typeof checkOtherSnippets> {
  return checkOtherSnippets(fixtureTree({ 'README.md': lines.join('\n') }));
}

it('finds what is no JavaScript', () => {
  expect(findings('```js', 'const a = 1;', '```', '```js', '', 'const b = ;', '```')).toEqual([
    expect.objectContaining({ file: 'README.md', line: 6, severity: 'error' }),
  ]);
});

it('finds what is no Python, where there is one', () => {
  const [finding, ...others] = findings('```python', 'print(1)', 'print(', '```');
  expect(finding).toMatchObject(
    finding?.severity === 'advice' ? { message: 'not parsed: there is no python3' } : { line: 3 },
  );
  expect(others).toEqual([]);
  expect(findings('```python', 'print(1)', '```').filter(({ severity }) => severity === 'error')).toEqual([]);
});
