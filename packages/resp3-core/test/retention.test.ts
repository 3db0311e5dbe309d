import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MiB = 1024 * 1024;

test('5,000 short strings kept out of 120 MB of replies pin at most about 1 KiB each', async () => {
  const program = fileURLToPath(new URL('programs/retention.ts', import.meta.url));
  const args = ['--expose-gc', '--import', import.meta.resolve('tsx'), program];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const results = JSON.parse(stdout) as { name: string; kept: number; held: number }[];
  expect(results).toHaveLength(10);
  for (const { name, kept, held } of results) {
    expect({ name, kept }).toEqual({ name, kept: 5000 });
    expect({ name, fits: held < 6 * MiB, held }).toEqual({ name, fits: true, held });
  }
});
