import type { CommandArgument } from '@redlane/resp3-core';
import { InFlight } from '../client-driver/in-flight.js';
import type { DriverBatch, DriverBatchOptions, DriverCallOptions, DriverReply } from '../driver.js';
import { QueueFullError, type TimeoutDiagnosis } from '../errors.js';
import { ReplyError } from '../reply-error.js';
import { Script } from '../script.js';
import { Call, type CallSpec, type RawReplies } from './call.js';
import type { Settings } from './ioredis-driver-options.js';
import { batchOf, type Reading, replyOf, transactionOf } from './outcomes.js';
import { sendToNodes } from './plain-batch.js';
import type { Router } from './router.js';

type Command = readonly CommandArgument[];
type AnyReply = DriverReply | DriverReply<Uint8Array>;
type AnyBatch = DriverBatch | DriverBatch<Uint8Array>;
type Limits = Pick<CallSpec, 'signal' | 'timeoutMs' | 'diagnose'>;

/** Scripts whose SHA-1 is remembered. */
const SCRIPTS = 256;

/** Commands over the connections that all callers share. What is passed in has been checked. */
export class SharedCommands {
  readonly #router: Router;
  readonly #settings: Settings;
  readonly #batches: InFlight = new InFlight();
  readonly #idle: (() => void)[] = [];
  readonly #scripts: Map<string, Script> = new Map();
  #pending = 0;

  constructor(router: Router, settings: Settings) {
    this.#router = router;
    this.#settings = settings;
  }

  /** Resolves when no call is under way. */
  async settled(): Promise<void> {
    await this.#batches.settled();
    if (this.#pending > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  send(command: Command, options: DriverCallOptions): Promise<AnyReply> {
    return this.#send(command, this.limits(options), this.#read(options));
  }

  batch(commands: readonly Command[], options: DriverBatchOptions): Promise<AnyBatch> {
    return this.#batches.track(this.#batch(commands, options));
  }

  run(source: string, rest: Command, options: DriverCallOptions): Promise<AnyReply> {
    return this.#batches.track(this.#run(this.#script(source), rest, options));
  }

  /** When a call ends without a reply. */
  limits({ signal, timeoutMs = this.#settings.timeoutMs }: DriverCallOptions): Limits {
    return { signal, timeoutMs: timeoutMs || Number.POSITIVE_INFINITY, diagnose: this.#diagnose };
  }

  #send(command: Command, limits: Limits, reading: Reading): Promise<AnyReply> {
    return new Promise((resolve, reject) => {
      const commands = [command];
      const slot = this.#router.slotOf(commands);
      this.#enter();
      const { signal, timeoutMs, diagnose } = limits;
      const call = new Call(
        { kind: 'single', commands, slot, signal, timeoutMs, diagnose },
        ([raw]) => {
          this.#leave();
          try {
            resolve(replyOf(command, raw, reading));
          } catch (error) {
            reject(error as Error);
          }
        },
        (error) => {
          this.#leave();
          reject(error);
        },
      );
      this.#router.submit(call);
    });
  }

  async #batch(commands: readonly Command[], options: DriverBatchOptions): Promise<AnyBatch> {
    if (commands.length === 0) return { aborted: false, replies: [] };
    const limits = this.limits(options);
    const reading = this.#read(options);
    if (options.atomic === true) {
      const slot = this.#router.slotOf(commands);
      const atomic: CallSpec = { ...limits, kind: 'atomic', commands, slot };
      const submit = (call: Call): void => this.#router.submit(call);
      return transactionOf(commands, await this.#admit(() => Call.exchange(atomic, submit)), reading);
    }
    const spec: CallSpec = { ...limits, kind: 'plain', commands };
    return batchOf(commands, await this.#admit(() => sendToNodes(this.#router, spec)), reading);
  }

  async #run({ sha, source }: Script, rest: Command, options: DriverCallOptions): Promise<AnyReply> {
    const limits = this.limits(options);
    const reading = this.#read(options);
    const deadline = performance.now() + limits.timeoutMs;
    try {
      return await this.#send(['EVALSHA', sha, ...rest], limits, reading);
    } catch (error) {
      if (!(error instanceof ReplyError) || error.code !== 'NOSCRIPT') throw error;
      const timeoutMs = Math.max(1, deadline - performance.now());
      return this.#send(['EVAL', source, ...rest], { ...limits, timeoutMs }, reading);
    }
  }

  async #admit(run: () => Promise<RawReplies>): Promise<RawReplies> {
    this.#enter();
    try {
      return await run();
    } finally {
      this.#leave();
    }
  }

  #enter(): void {
    const { maxCommands } = this.#settings;
    if (this.#pending >= maxCommands) {
      throw new QueueFullError('commands', maxCommands, 'raise limits.commands of the driver');
    }
    this.#pending++;
  }

  #leave(): void {
    if (--this.#pending === 0) for (const wake of this.#idle.splice(0)) wake();
  }

  #read({ replies }: DriverCallOptions): Reading {
    return { bytes: replies === 'bytes', resp3: this.#settings.share };
  }

  #script(source: string): Script {
    let script = this.#scripts.get(source);
    if (script === undefined) {
      if (this.#scripts.size >= SCRIPTS) this.#scripts.clear();
      script = new Script(source);
      this.#scripts.set(source, script);
    }
    return script;
  }

  readonly #diagnose = (): TimeoutDiagnosis => {
    const links = this.#router.links();
    return {
      state: links.length > 0 ? 'ready' : 'down',
      queued: this.#router.waiting,
      inFlight: links.reduce((sum, { owed }) => sum + owed, 0),
      lastReadMsAgo: links.length > 0 ? Math.min(...links.map(({ silentMs }) => silentMs)) : undefined,
      p99Ms: undefined,
      cause: this.#router.problem,
    };
  };
}
