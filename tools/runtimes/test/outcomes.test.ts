import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { runCore } from '../src/run-core.js';

const folder = mkdtempSync(join(tmpdir(), 'redlane-outcomes-'));
afterAll(() => rmSync(folder, { recursive: true }));

const servers = {
  description: 'none',
  environment: () => ({ REDLANE_CORE: '{}' }),
  [Symbol.asyncDispose]: async () => {},
};
const node = { kind: 'node', name: 'Node', version: '', binary: process.execPath, args: [] } as const;

function outcomes(program: string): ReturnType<typeof runCore> {
  const file = join(folder, 'main.mjs');
  writeFileSync(file, program);
  return runCore(node, file, servers, 3);
}

const line = (rest: object = {}): string =>
  `console.log(${JSON.stringify(JSON.stringify({ area: 'a', name: 'b', ...rest }))});`;

it('what a program says, and that it ends, are its outcomes', async () => {
  expect(await outcomes(`${line()}${line({ error: 'no' })}`)).toEqual([
    { area: 'a', name: 'b' },
    { area: 'a', name: 'b', error: 'no' },
    { area: 'process', name: 'ends by itself' },
  ]);
});

it('a crash and silence are errors', async () => {
  const [, crash] = await outcomes(`${line()} throw new Error('boom');`);
  expect(crash?.error).toMatch(/status 1 after 1 checks[\s\S]*boom/);
  const [silence] = await outcomes('');
  expect(silence?.error).toMatch(/after 0 checks/);
});
