import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const cli = fileURLToPath(new URL('../src/ensure-cli.ts', import.meta.url));

function ensure(extra: NodeJS.ProcessEnv): Promise<{ status: unknown; stdout: string; stderr: string }> {
  const { REDIS_URL: _, ...env } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', cli],
      { env: { ...env, ...extra } },
      (error, stdout, stderr) => {
        resolve({ status: error === null ? 0 : error.code, stdout, stderr });
      },
    );
  });
}

it('prints one line about the server that is there', async () => {
  const { status, stdout, stderr } = await ensure({});
  expect(stdout).toMatch(/^(redis|valkey)-server \d+\.\d+\.\d+ at \/\S+\n$/);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

it('says what is wrong, without a stack, and exits with 1', async () => {
  const { status, stdout, stderr } = await ensure({ REDIS_SERVER: '/nowhere/redis-server' });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^REDIS_SERVER: "\/nowhere\/redis-server" is not a redis-server[^\n]*\n$/);
});
