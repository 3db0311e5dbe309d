import { expect, it } from 'vitest';
import { fixturePackage, fixtureTree } from '../test/fixture-tree.js';
import { checkConsoleCalls } from './console-calls.js';
import { formatFinding } from './finding.js';

it('finds what writes to the console, but not what only mentions it', () => {
  const src = {
    'a.ts': '/** @example console.log(x) */\nexport const text = "console.log";\n\nconsole.log(text);\n',
    'b.ts': "globalThis.console.error('x');\nconst log = console['log'];\n",
    'a.test.ts': "console.log('a test may');\n",
  };
  expect(checkConsoleCalls(fixtureTree(fixturePackage('client', { src }))).map(formatFinding)).toEqual([
    'packages/client/src/a.ts:4 a package must not write to the console',
    'packages/client/src/b.ts:1 a package must not write to the console',
    'packages/client/src/b.ts:2 a package must not write to the console',
  ]);
});
