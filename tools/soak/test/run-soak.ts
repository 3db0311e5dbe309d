import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const flags = ['--expose-gc', '--conditions=@redlane/source', '--import', import.meta.resolve('tsx')];

/** A soak in a process of its own, whose heap and handles are nobody else's. */
export async function runSoak(...args: string[]): Promise<{ status: number | null; output: string }> {
  const child = spawn(process.execPath, [...flags, cli, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

/** What a run says about one of its checks, problems included. */
export function checkOf(output: string, name: string): string {
  const lines = output.split('\n');
  const first = lines.findIndex((line) => new RegExp(`^ {2}(ok {4}|FAILED) ${name} `).test(line));
  const length = lines.slice(first + 1).findIndex((line) => !line.startsWith('   '));
  return first < 0 ? '' : lines.slice(first, first + 1 + Math.max(0, length)).join('\n');
}
