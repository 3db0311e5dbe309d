import { readdirSync } from 'node:fs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fixturePackage, fixtureTree } from '../test/fixture-tree.js';
import { checkSnippets } from './check-snippets.js';
import { formatFinding } from './finding.js';

const src = {
  'index.ts': "export { double } from './double.js';\n",
  'double.ts': 'export function double(value: number): number {\n  return 2 * value;\n}\n',
};

/** A repository whose one package has a README with these blocks, each preceded by an empty line. */
function repository(...blocks: (readonly [info: string, ...code: string[]])[]): string {
  const readme = blocks
    .map(([info, ...code]) => ['', `\`\`\`${info}`, ...code, '```', ''].join('\n'))
    .join('');
  return fixtureTree({ 'README.md': '# Root\n', ...fixturePackage('client', { src, readme }) });
}

async function messages(root: string, options?: Parameters<typeof checkSnippets>[1]): Promise<string[]> {
  return (await checkSnippets(root, options)).map(formatFinding);
}

const use = "import { double } from '@redlane/client';";

describe('snippets', () => {
  it('pass when they compile', async () => {
    expect(await messages(repository(['ts', use, 'const four: number = double(2);']))).toEqual([]);
  });

  it('are those of chapters, recipes and how to contribute as well', async () => {
    const wrong = '```ts\nabsent();\n```\n';
    const places = ['.github/CONTRIBUTING.md', 'packages/client/docs/a.md', 'tools/docs/recipes/b.md'];
    const tree = fixtureTree({
      ...fixturePackage('client', { src }),
      ...Object.fromEntries([...places, 'packages/client/CHANGELOG.md'].map((place) => [place, wrong])),
    });
    expect(await messages(tree)).toEqual(places.map((place) => expect.stringContaining(`${place}:2 TS2304`)));
  });

  it('that do not compile are found on their line, each for itself', async () => {
    const root = repository(
      ['ts', use, "double('2');"],
      ['ts', 'double(2);'],
      ['ts', "import '@redlane/nobody';"],
    );
    expect(await messages(root)).toEqual([
      expect.stringMatching(/^packages\/client\/README\.md:4 TS2345: Argument of type 'string'/),
      expect.stringMatching(/^packages\/client\/README\.md:8 TS2304: Cannot find name 'double'/),
      expect.stringMatching(/^packages\/client\/README\.md:12 TS2307: .*@redlane\/nobody/),
    ]);
  });

  it('marked run talk to a real server', async () => {
    const code = [
      "import { connect } from 'node:net';",
      use,
      'const { hostname, port } = new URL(process.env.REDIS_URL!);',
      'await using answer = {',
      '  text: await new Promise<string>((resolve) => {',
      "    const socket = connect(Number(port), hostname, () => socket.write('PING\\r\\n'));",
      "    socket.once('data', (data) => resolve(String(socket.end() && data)));",
      '  }),',
      '  async [Symbol.asyncDispose]() {},',
      '};',
      "if (answer.text !== '+PONG\\r\\n' || double(2) !== 4) throw new Error(answer.text);",
    ];
    expect(await messages(repository(['ts run', ...code]))).toEqual([]);
  });

  it('that fail when they run are found on their line', async () => {
    const root = repository(['ts run', use, '', 'double(2);', "throw new TypeError('never');"]);
    expect(await messages(root)).toEqual([
      expect.stringMatching(
        /^packages\/client\/README\.md:6 the snippet ended with status 1\n[\s\S]*TypeError: never/,
      ),
    ]);
  });

  it('that only print a stack trace are found too', async () => {
    const root = repository(['ts run', "console.error(new RangeError('swallowed'));"]);
    expect(await messages(root)).toEqual([
      expect.stringMatching(
        /^packages\/client\/README\.md:3 the snippet printed a stack trace\n[\s\S]*RangeError: swallowed/,
      ),
    ]);
  });

  it('that do not end are killed and found', async () => {
    const root = repository(['ts run', 'setInterval(() => {}, 1000);']);
    expect(await messages(root, { deadlineMs: 1500 })).toEqual([
      'packages/client/README.md:2 the snippet did not end within 1500 ms: close what it opens',
    ]);
  });

  it('leave no folder behind', async () => {
    const root = repository(['ts', 'nonsense(']);
    const temporary = fixtureTree({});
    const before = readdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    expect(await messages(root)).not.toEqual([]);
    expect(readdirSync(temporary)).toEqual(before);
  });
});
