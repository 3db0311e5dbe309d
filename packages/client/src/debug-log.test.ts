import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);

/** `NODE_DEBUG` is read when Node starts. */
async function stderrOf(setting: string): Promise<string> {
  const module = new URL('./debug-log.ts', import.meta.url).href;
  const script = `import(${JSON.stringify(module)}).then(({ debug }) => debug('connection %d: %s', 7, 'ready'))`;
  const env = { ...process.env, NODE_DEBUG: setting };
  const { stderr } = await run(process.execPath, ['--import', 'tsx', '-e', script], { env });
  return stderr;
}

it('writes when NODE_DEBUG names it, and only then', async () => {
  expect(await stderrOf('redlane')).toMatch(/^REDLANE \d+: connection 7: ready$/m);
  expect(await stderrOf('net2')).not.toContain('connection 7');
});
