import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { RedisServerError } from './errors.js';

/**
 * Runs in `sh`, in a session of its own. It makes the folder, starts the program once for each line on its input, and at
 * the end of its input kills the program and removes the folder. The input is a pipe from our process, so it also ends
 * when our process is killed. `trap` keeps the guard alive when nobody reads its output any more.
 */
const script = `
folder=$1 kept_log=$2
shift 2
trap '' PIPE
mkdir -m 700 "$folder" || exit 1
exec 3<&0
echo ready
while read -r line <&3; do
  "$@" </dev/null >>"$folder/server.log" 2>&1 3<&- &
  server=$!
  echo "started $server"
  { while read -r line <&3; do :; done; kill -9 "$server"; } &
  watcher=$!
  wait "$server"
  status=$?
  kill -9 "$watcher"
  wait "$watcher"
  echo "exited $status"
done
[ -z "$kept_log" ] || cp "$folder/server.log" "$kept_log"
rm -rf "$folder"
`;

/** What a {@link Guard} looks after. */
export interface GuardOptions {
  /** A folder that does not exist yet. */
  readonly folder: string;
  /** The program and its arguments; it runs in the foreground and writes its log to its standard output. */
  readonly command: readonly string[];
  /** Where the log is copied to before the folder is removed; its folder exists. */
  readonly keptLog?: string | undefined;
}

type Word = 'ready' | 'started' | 'exited';

/**
 * A folder and at most one process at a time, which both are gone when the guard is closed or when our process ends,
 * however it ends. It does not keep our process from ending, except while something of it is awaited.
 */
export class Guard {
  readonly #folder: string;
  readonly #shell: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #expected = new Map<Word, (value: string) => void>();
  #holds = 0;

  private constructor({ folder, command, keptLog = '' }: GuardOptions) {
    this.#folder = folder;
    this.#shell = spawn('sh', ['-c', script, 'sh', folder, keptLog, ...command], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#closed = once(this.#shell, 'close');
    // A shell that is gone is noticed by `close`; writing to it then must not be an unhandled error.
    this.#shell.stdin?.on('error', () => {});
    createInterface({ input: this.#shell.stdout! }).on('line', (line) => {
      const [word, value = ''] = line.split(' ', 2);
      this.#expected.get(word as Word)?.(value);
    });
    this.#reference(false);
  }

  /** Makes the folder. */
  static async open(options: GuardOptions): Promise<Guard> {
    const guard = new Guard(options);
    await guard.hold(guard.#expect('ready'));
    return guard;
  }

  /** Starts the program, which must not be running. `exited` resolves with the shell's status: 128 + signal, or its own. */
  async start(): Promise<{ pid: number; exited: Promise<number> }> {
    const started = this.#expect('started');
    const exited = this.#expect('exited').then(Number);
    exited.catch(() => {});
    this.#shell.stdin?.write('start\n');
    return { pid: Number(await this.hold(started)), exited };
  }

  /** Kills the program if it runs, and removes the folder. */
  async close(): Promise<void> {
    this.#shell.stdin?.end();
    await this.hold(this.#closed);
  }

  /** Keeps our process alive until `promise` has settled. */
  async hold<T>(promise: Promise<T>): Promise<T> {
    if (this.#holds++ === 0) this.#reference(true);
    try {
      return await promise;
    } finally {
      if (--this.#holds === 0) this.#reference(false);
    }
  }

  async #expect(word: Word): Promise<string> {
    const heard = new Promise<string>((resolve) => this.#expected.set(word, resolve));
    const gone = this.#closed.then((): never => {
      throw new RedisServerError('NOT_RUNNING', `the shell that looks after ${this.#folder} is gone.`);
    });
    try {
      return await Promise.race([heard, gone]);
    } finally {
      this.#expected.delete(word);
    }
  }

  #reference(on: boolean): void {
    // Bun's pipes have no `ref` and do not keep a process alive.
    const { stdin, stdout } = this.#shell as {
      stdin: Partial<Socket> | null;
      stdout: Partial<Socket> | null;
    };
    for (const each of [this.#shell, stdin, stdout]) {
      if (on) each?.ref?.();
      else each?.unref?.();
    }
  }
}
