import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { testServer } from './support/test-server.js';

const server = await testServer();
const example = fileURLToPath(new URL('../examples/orders.ts', import.meta.url));
const flags = ['--conditions=@redlane/source', '--import', import.meta.resolve('tsx')];

it('the example runs to its end', async () => {
  const env = { ...process.env, REDIS_URL: server.url };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [...flags, example], { env });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual([
    'the first cook takes soup and goes home',
    'the second cook makes soup (delivered 2 times)',
    'the second cook makes pie (delivered 1 times)',
    'with service that is 6',
  ]);
});
