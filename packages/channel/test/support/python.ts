import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const script = fileURLToPath(new URL('peer.py', import.meta.url));

/** The Python of the user, then that of the system, for which distributions have redis-py. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** A Python that has redis-py, which is installed where that needs no password; or why there is none. */
export async function findPython(): Promise<{ readonly python: string } | { readonly missing: string }> {
  const found = await withRedis();
  if (found !== undefined) return { python: found };
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'python3-redis'];
  const asRoot = process.getuid?.() === 0 ? install : ['sudo', '-n', ...install];
  const [program = '', ...args] = asRoot;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await execute(program, args, { env }).catch(() => undefined);
  const installed = await withRedis();
  return installed === undefined
    ? { missing: 'no Python with redis-py: install python3-redis' }
    : { python: installed };
}

async function withRedis(): Promise<string | undefined> {
  for (const python of PYTHONS) {
    const works = await execute(python, ['-c', 'import redis']).then(
      () => true,
      () => false,
    );
    if (works) return python;
  }
  return undefined;
}

/** A Python process at the other end of a channel. */
export class PythonPeer implements AsyncDisposable {
  readonly #child: ReturnType<typeof spawn>;
  readonly #answers: AsyncIterator<string>;

  constructor(python: string) {
    const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  async call(operation: string, ...args: readonly unknown[]): Promise<unknown> {
    this.#child.stdin?.write(`${JSON.stringify([operation, ...args])}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`Python ended in ${operation}`);
    return JSON.parse(value);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
