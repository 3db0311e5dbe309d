import { describe, expect, it } from 'vitest';
import { snippetsIn } from './snippets.js';

const readme = (text: string) => snippetsIn({ path: 'README.md', text });

describe('snippets', () => {
  it('are the ts blocks, on the lines that they have in the README', () => {
    const text = [
      '# A',
      '',
      '```ts',
      'one();',
      '```',
      '```js',
      'no();',
      '```',
      '- b',
      '  ```ts run',
      '  two();',
      '  ```',
      '```ts run cluster',
      'three();',
      '```',
    ];
    expect(readme(text.join('\n')).snippets).toEqual([
      { document: 'README.md', line: 3, code: '\n\n\none();\n', runsOn: undefined },
      { document: 'README.md', line: 10, code: `${'\n'.repeat(10)}two();\n`, runsOn: 'server' },
      { document: 'README.md', line: 13, code: `${'\n'.repeat(13)}three();\n`, runsOn: 'cluster' },
    ]);
  });

  it('are not found inside another block', () => {
    expect(readme('````md\n```ts\nx\n```\n````\n').snippets).toEqual([]);
  });

  it.each(['ts runs', 'ts Run', 'typescript', 'mts'])('with a slip in the fence are reported: %s', (info) => {
    expect(readme(`\`\`\`${info}\nx\n\`\`\`\n`).findings).toEqual([
      expect.objectContaining({
        line: 1,
        message: `mark it "ts" or "ts run": "${info}" is neither compiled nor run`,
      }),
    ]);
  });

  it('that never end are reported', () => {
    expect(readme('a\n```ts\nx\n').findings).toEqual([
      expect.objectContaining({ line: 2, message: 'this code block never ends' }),
    ]);
  });
});
