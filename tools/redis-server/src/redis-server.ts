import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { CommandConnection } from './command-connection.js';
import { RedisServerError } from './errors.js';
import { loopback } from './free-port.js';
import type { Guard } from './guard.js';
import { type Reply, ReplyError } from './reply.js';
import { adminCredentials, fileNames, type ServerPlace } from './server-config.js';
import type { ServerOptions } from './server-options.js';
import { waitUntil } from './wait-until.js';

/** What a client needs to speak TLS with a server: PEM texts, in the form that `tls.connect` takes. */
export interface ClientTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

interface Run {
  readonly pid: number;
  readonly exited: Promise<number>;
  readonly logStart: number;
}

/**
 * One server with a folder, a port and a unix socket of its own. Process and folder go with {@link RedisServer.stop}, and
 * also when our process ends in whatever way. A server does not keep our process alive.
 */
export class RedisServer implements AsyncDisposable {
  readonly name: 'redis' | 'valkey';
  /** Three numbers with dots. */
  readonly version: string;
  readonly host: string = loopback;
  /** The port for clients: TLS when {@link RedisServer.tls} is set, plain otherwise. It stays the same over a restart. */
  readonly port: number;
  /** `redis://` or `rediss://` with the default user's password, if there is one. */
  readonly url: string;
  /** Never TLS. */
  readonly socketPath: string;
  /** The data folder, removed by {@link RedisServer.stop}. */
  readonly folder: string;
  readonly tls: ClientTls | undefined;
  readonly #options: ServerOptions;
  readonly #guard: Guard;
  #run: Run | undefined;

  /** @internal Use `startServer`. */
  constructor(options: ServerOptions, { binary, folder, port, tls }: ServerPlace, guard: Guard) {
    this.name = binary.name;
    this.version = binary.version;
    this.port = port;
    this.folder = folder;
    this.socketPath = path.join(folder, fileNames.socket);
    this.tls = tls && { ca: tls.certificates.ca, ...tls.certificates.client };
    const secret = options.password === undefined ? '' : `:${encodeURIComponent(options.password)}@`;
    this.url = `${tls ? 'rediss' : 'redis'}://${secret}${loopback}:${port}`;
    this.#options = options;
    this.#guard = guard;
  }

  /** `undefined` while no process runs. */
  get pid(): number | undefined {
    return this.#run?.pid;
  }

  /**
   * Starts the process after {@link RedisServer.kill}, on the same port and folder, and waits until it answers.
   *
   * @throws {@link RedisServerError} `PORT_TAKEN`, `START_FAILED` with the last lines of the log, `NOT_READY`
   */
  async start(): Promise<void> {
    if (this.#run !== undefined)
      throw new RedisServerError('START_FAILED', `the server ${this.url} is running already.`);
    const logStart = this.log().length;
    const { pid, exited } = await this.#guard.start();
    const run: Run = { pid, exited, logStart };
    this.#run = run;
    const clear = () => {
      if (this.#run === run) this.#run = undefined;
    };
    exited.then(clear, clear);
    await waitUntil(async (signal) => this.#run !== run || (await this.#answers(signal)), {
      what: `the server on port ${this.port} answers`,
      timeoutMs: this.#options.readyTimeoutMs,
    });
    if (this.#run !== run) throw this.#startFailure(await exited, logStart);
  }

  /** Sends a signal. Resolves when the process has ended, or at once for a signal that does not end it. @default 'SIGKILL' */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { pid, exited } = this.#running();
    process.kill(pid, signal);
    if (!['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGABRT', 'SIGSEGV'].includes(signal)) return;
    // A paused process would take any other signal than SIGKILL only when it goes on.
    if (signal !== 'SIGKILL') process.kill(pid, 'SIGCONT');
    await this.#guard.hold(exited);
  }

  /** Ends the process with `signal` if it runs, and starts it again on the same port and folder. @default 'SIGTERM' */
  async restart(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    if (this.#run !== undefined) await this.kill(signal);
    await this.start();
  }

  /** Resolves when the process has ended by itself, or by `SHUTDOWN`, or at once when none runs. */
  async waitForExit(): Promise<void> {
    if (this.#run !== undefined) await this.#guard.hold(this.#run.exited);
  }

  /** Halts the process: connections stay open and nothing answers. */
  pause(): void {
    process.kill(this.#running().pid, 'SIGSTOP');
  }

  /** Takes {@link RedisServer.pause} back. */
  resume(): void {
    process.kill(this.#running().pid, 'SIGCONT');
  }

  /** Kills the process and removes the folder. More calls do no harm. */
  async stop(): Promise<void> {
    await this.#guard.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** All that the server has logged since it was made, over restarts; empty after {@link RedisServer.stop}. */
  log(): string {
    try {
      return readFileSync(path.join(this.folder, fileNames.log), 'utf8');
    } catch {
      return '';
    }
  }

  /**
   * Sends one command with all rights, over the unix socket and a connection of its own that is closed afterwards. Replies
   * have RESP2 shapes.
   *
   * @throws {@link ReplyError}, {@link RedisServerError} `CONNECTION_LOST`
   */
  async command(...args: readonly string[]): Promise<Reply> {
    return this.#call(args);
  }

  /** A connected socket to {@link RedisServer.port}, with TLS and the client's certificate where the server has TLS. */
  async connect(): Promise<Socket> {
    const at = { host: this.host, port: this.port };
    return new Promise((resolve, reject) => {
      const { tls } = this;
      const socket = tls === undefined ? connect(at) : connectTls({ ...at, ...tls, servername: 'localhost' });
      socket.once('error', reject);
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
    });
  }

  async #call(args: readonly string[], signal?: AbortSignal): Promise<Reply> {
    const connection = await CommandConnection.open(this.socketPath, adminCredentials(this.#options), signal);
    try {
      return await connection.call(...args);
    } finally {
      await connection[Symbol.asyncDispose]();
    }
  }

  /** Over the socket in our own folder, since on a port that was taken somebody else would answer. */
  async #answers(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#call(['PING'], signal);
      return true;
    } catch (error) {
      // PING may be renamed, and a replica may refuse to serve: any answer shows that the server listens.
      if (error instanceof ReplyError) return error.code !== 'LOADING';
      throw error;
    }
  }

  #running(): Run {
    if (this.#run === undefined) {
      throw new RedisServerError(
        'NOT_RUNNING',
        `the server ${this.url} is not running; start() or restart() it first.`,
      );
    }
    return this.#run;
  }

  #startFailure(status: number, logStart: number): RedisServerError {
    const log = this.log().slice(logStart).trim();
    if (/address already in use/i.test(log)) {
      return new RedisServerError('PORT_TAKEN', `port ${this.port} is in use by another process.`);
    }
    const last = log.split('\n').slice(-10).join('\n');
    return new RedisServerError(
      'START_FAILED',
      `${this.name}-server ended with status ${status} while it started:\n${last}`,
    );
  }
}
