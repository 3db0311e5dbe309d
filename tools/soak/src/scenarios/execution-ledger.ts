import type { SoakContext } from '../scenario.js';

/** What a caller was told of its write. */
type Told = { readonly reply: unknown } | { readonly maybeExecuted: boolean };

interface Entry {
  readonly number: number;
  readonly told: Told;
  readonly at: number;
}

/** After so long, what a caller has given up is executed, or lost. */
const SETTLED_AFTER_MS = 10_000;
const PREFIX = 'soak:client:n:';

/** Writes to keys of their own, each to be executed once at most, and compared with what their callers were told. */
export class ExecutionLedger {
  checked = 0;
  readonly #context: SoakContext;
  readonly #entries: Entry[] = [];
  /** Their keys stay, since they may still be executed. */
  readonly #unknown: Set<number> = new Set();
  /** Compared, and not removed yet. */
  #done: string[] = [];
  #last = 0;

  constructor(context: SoakContext) {
    this.#context = context;
  }

  /** Lets somebody increment a new key. */
  async write(increment: (key: string) => Promise<unknown>): Promise<void> {
    const number = ++this.#last;
    const told = await increment(`${PREFIX}${number}`).then(
      (reply): Told => ({ reply: this.#context.tamper.answer(reply) }),
      (error: unknown): Told => {
        const { maybeExecuted, code } = error as { maybeExecuted?: unknown; code?: string };
        if (code !== 'ABORTED') this.#context.failed(error);
        if (typeof maybeExecuted !== 'boolean') this.#context.problem(`${code} does not say maybeExecuted`);
        return { maybeExecuted: maybeExecuted !== false };
      },
    );
    this.#entries.push({ number, told, at: performance.now() });
  }

  /** Compares what was written long enough ago; with `all`, everything. */
  async check({ all = false }: { readonly all?: boolean } = {}): Promise<void> {
    const { direct } = this.#context;
    const before = performance.now() - SETTLED_AFTER_MS;
    for (;;) {
      const due = this.#entries.slice(0, 500).filter(({ at }) => all || at < before);
      if (due.length === 0) return;
      const keys = due.map(({ number }) => `${PREFIX}${number}`);
      const values = await direct.call<(string | null)[]>('MGET', ...keys);
      for (const [i, entry] of due.entries()) {
        this.#compare(entry, Number(values[i] ?? 0));
        if (!this.#unknown.has(entry.number)) this.#done.push(keys[i] as string);
      }
      this.#entries.splice(0, due.length);
      await this.#remove();
    }
  }

  /** Compares all that is left, and looks for what was executed after it had been compared. */
  async close(): Promise<{ executed: number; unknown: number }> {
    await this.check({ all: true });
    await this.#remove();
    const { direct, problem } = this.#context;
    let cursor = '0';
    do {
      const [next, keys] = await direct.call<[string, string[]]>(
        'SCAN',
        cursor,
        'MATCH',
        `${PREFIX}*`,
        'COUNT',
        1000,
      );
      for (const key of keys) {
        const executed = Number(await direct.call('GET', key));
        const isUnknown = this.#unknown.has(Number(key.slice(PREFIX.length)));
        if (executed > 1) problem(`${key} was executed ${executed} times`);
        else if (!isUnknown) problem(`${key} was executed after its caller was answered`);
      }
      cursor = next;
    } while (cursor !== '0');
    return { executed: this.checked - this.#unknown.size, unknown: this.#unknown.size };
  }

  /** Once more when the server starts again meanwhile. */
  async #remove(): Promise<void> {
    if (this.#done.length === 0) return;
    await this.#context.direct.call('UNLINK', ...this.#done);
    this.#done = [];
  }

  #compare({ number, told }: Entry, executed: number): void {
    this.checked++;
    const { problem } = this.#context;
    const said = JSON.stringify(told);
    if (executed > 1) problem(`write ${number} was executed ${executed} times; its caller got ${said}`);
    if ('reply' in told) {
      if (told.reply !== 1 || executed !== 1)
        problem(`write ${number} was executed ${executed} times; its caller got ${said}`);
    } else if (told.maybeExecuted) this.#unknown.add(number);
    else if (executed !== 0) problem(`write ${number} was executed, and its caller was told that it was not`);
  }
}
