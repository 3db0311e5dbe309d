import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs a script beside this file in a process of its own, until it ends by itself. Gives what it has printed. */
export async function runScript(name: string, args: readonly string[], timeoutMs = 20_000): Promise<string> {
  const script = fileURLToPath(new URL(name, import.meta.url));
  const flags = ['--expose-gc', '--conditions=@redlane/source', '--import', import.meta.resolve('tsx')];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, script, ...args], {
    timeout: timeoutMs,
  });
  return stdout;
}
