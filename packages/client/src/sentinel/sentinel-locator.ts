import type { Connection } from '../connection.js';
import { debug } from '../debug-log.js';
import { ConnectError, type ConnectErrorCode } from '../errors.js';
import { unlessAborted } from '../unless-aborted.js';
import { askSentinel, mapped, type SentinelAnswer } from './ask-sentinel.js';
import type { Dial, Locator, MovedListener } from './locator.js';
import type { SentinelOptions } from './sentinel-connection-options.js';
import { SentinelList } from './sentinel-list.js';
import { SentinelWatch } from './sentinel-watch.js';
import { addressText, type ServerAddress } from './server-address.js';
import { checkRole } from './server-role.js';

/** A question that is under way. Connections that are opened at the same time share it. */
interface Question {
  readonly answer: Promise<SentinelAnswer>;
  readonly end: AbortController;
  askers: number;
}

/** What has been tried for one connection. */
interface Attempt {
  readonly dial: Dial;
  readonly signal: AbortSignal;
  readonly asked: Set<string>;
  readonly dialled: Set<string>;
  readonly failures: ConnectError[];
}

/** Asks sentinels, one after the other, until one of them leads to a server that has the wanted role. */
export class SentinelLocator implements Locator {
  readonly target: string;
  readonly #options: SentinelOptions;
  readonly #sentinels: SentinelList;
  readonly #questions: Map<string, Question> = new Map();
  /** Dials that are under way, and where to. */
  readonly #dials: Map<AbortController, string> = new Map();
  readonly #listeners: Set<MovedListener> = new Set();
  /** Where the master is, as far as is known. */
  #masterAt: string | undefined;
  #watch: SentinelWatch | undefined;

  constructor(options: SentinelOptions) {
    const { name, role, sentinels } = options;
    this.target = `${role === 'master' ? 'the master' : 'a replica of'} ${JSON.stringify(name)}`;
    this.#options = options;
    this.#sentinels = new SentinelList(sentinels);
  }

  async open(dial: Dial, signal: AbortSignal): Promise<Connection> {
    const attempt: Attempt = { dial, signal, asked: new Set(), dialled: new Set(), failures: [] };
    for (;;) {
      const sentinel = this.#sentinels.next(attempt.asked);
      if (sentinel === undefined || signal.aborted) throw this.#failure(attempt);
      const connection = await this.#openBy(sentinel, attempt);
      if (connection !== undefined) {
        this.#watch?.begin();
        this.#found(connection.address);
        return connection;
      }
      this.#sentinels.postpone(sentinel);
    }
  }

  watch(listener: MovedListener): () => void {
    if (this.#options.role !== 'master') return () => undefined;
    this.#listeners.add(listener);
    this.#watch ??= new SentinelWatch(this.#options, this.#sentinels, (master) => this.#switched(master));
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      this.#watch?.close();
      this.#watch = undefined;
    };
  }

  /** What one sentinel leads to; `undefined` when that is nothing, and then the failures say why. */
  async #openBy(sentinel: ServerAddress, attempt: Attempt): Promise<Connection | undefined> {
    attempt.asked.add(addressText(sentinel));
    let answer: SentinelAnswer;
    try {
      answer = await this.#ask(sentinel, attempt.signal);
    } catch (error) {
      attempt.failures.push(error as ConnectError);
      return undefined;
    }
    this.#sentinels.discover(answer.sentinels);
    const servers = answer.servers.filter((server) => !attempt.dialled.has(addressText(server)));
    if (servers.length === 0) {
      attempt.failures.push(refusal(sentinel, 'CONNECT_FAILED', 'it knows nothing else than the others'));
    }
    for (const server of fromAnywhere(servers)) {
      try {
        return await this.#dial(server, attempt);
      } catch (error) {
        debug('sentinel %s led to nothing: %s', addressText(sentinel), (error as Error).message);
        attempt.failures.push(error as ConnectError);
      }
    }
    return undefined;
  }

  async #ask(sentinel: ServerAddress, signal: AbortSignal): Promise<SentinelAnswer> {
    const address = addressText(sentinel);
    const question = this.#questions.get(address) ?? this.#question(sentinel, address);
    question.askers++;
    try {
      return await unlessAborted(question.answer, signal);
    } catch (error) {
      if (error instanceof ConnectError) throw error;
      const problem = 'it had not answered when the attempt ended';
      throw refusal(sentinel, 'CONNECT_TIMEOUT', problem, error);
    } finally {
      if (--question.askers === 0) {
        question.end.abort();
        this.#questions.delete(address);
      }
    }
  }

  #question(sentinel: ServerAddress, address: string): Question {
    const end = new AbortController();
    const question = { answer: askSentinel(sentinel, this.#options, end.signal), end, askers: 0 };
    // The last of those who asked may have given up.
    question.answer.catch(() => undefined);
    this.#questions.set(address, question);
    return question;
  }

  async #dial(server: ServerAddress, { dial, signal, dialled }: Attempt): Promise<Connection> {
    const address = addressText(server);
    dialled.add(address);
    const moved = new AbortController();
    this.#dials.set(moved, address);
    try {
      const { role } = this.#options;
      const until = AbortSignal.any([signal, moved.signal]);
      return await dial(server, until, (connection) => checkRole(connection, role));
    } catch (error) {
      throw error instanceof ConnectError
        ? error
        : ConnectError.abandoned({ ...server, path: undefined }, error);
    } finally {
      this.#dials.delete(moved);
    }
  }

  /** A sentinel has said so. */
  #switched(master: ServerAddress): void {
    try {
      this.#found(addressText(mapped(master, this.#options)));
    } catch (error) {
      debug('after a switch: %s', (error as Error).message);
    }
  }

  /**
   * There is one master: connections that lead elsewhere are of no use any more. There are several replicas, and one that
   * becomes the master is as good for reading as before.
   */
  #found(address: string): void {
    if (this.#options.role !== 'master') return;
    const before = this.#masterAt;
    this.#masterAt = address;
    if (before === undefined || before === address) return;
    const cause = new Error(`${this.target} is at ${address} now`);
    debug(cause.message);
    // The old one may be a host that does not answer at all.
    for (const [dial, to] of this.#dials) if (to !== address) dial.abort(cause);
    for (const listener of [...this.#listeners]) listener(address, cause);
  }

  #failure({ failures }: Attempt): ConnectError {
    const reasons = failures.map(({ message }) => message.replace(/^cannot connect to /, ''));
    const [code = 'CONNECT_FAILED', another] = new Set(failures.map((failure) => failure.code));
    return new ConnectError(another === undefined ? code : 'CONNECT_FAILED', {
      address: this.target,
      problem: `no sentinel led to it; ${reasons.join('; ')}`,
      retryable: failures.some(({ retryable }) => retryable),
      cause: new AggregateError(failures, 'what was tried, in this order'),
    });
  }
}

/** Clients of replicas, and a client's connections, are to be spread over them. */
function fromAnywhere<T>(list: readonly T[]): T[] {
  const first = Math.floor(Math.random() * list.length);
  return [...list.slice(first), ...list.slice(0, first)];
}

function refusal(
  sentinel: ServerAddress,
  code: ConnectErrorCode,
  problem: string,
  cause?: unknown,
): ConnectError {
  return new ConnectError(code, {
    address: `sentinel ${addressText(sentinel)}`,
    problem,
    retryable: true,
    cause,
  });
}
