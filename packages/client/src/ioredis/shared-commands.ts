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
  readonly #calls: InFlight = new InFlight();
  readonly #scripts: Map<string, Script> = new Map();
  #pending = 0;

  constructor(router: Router, settings: Settings) {
    this.#router = router;
    this.#settings = settings;
  }

  /** Resolves when no call is under way. */
  settled(): Promise<void> {
    return this.#calls.settled();
  }

  send(command: Command, options: DriverCallOptions): Promise<AnyReply> {
    return this.#calls.track(this.#send(command, this.limits(options), this.#read(options)));
  }

  batch(commands: readonly Command[], options: DriverBatchOptions): Promise<AnyBatch> {
    return this.#calls.track(this.#batch(commands, options));
  }

  run(source: string, rest: Command, options: DriverCallOptions): Promise<AnyReply> {
    return this.#calls.track(this.#run(this.#script(source), rest, options));
  }

  /** When a call ends without a reply. */
  limits({ signal, timeoutMs = this.#settings.timeoutMs }: DriverCallOptions): Limits {
    return { signal, timeoutMs: timeoutMs || Number.POSITIVE_INFINITY, diagnose: this.#diagnose };
  }

  async #send(command: Command, limits: Limits, reading: Reading): Promise<AnyReply> {
    const commands = [command];
    const slot = this.#router.slotOf(commands);
    const [raw] = await this.#call({ ...limits, kind: 'single', commands, slot });
    return replyOf(command, raw, reading);
  }

  async #batch(commands: readonly Command[], options: DriverBatchOptions): Promise<AnyBatch> {
    if (commands.length === 0) return { aborted: false, replies: [] };
    const limits = this.limits(options);
    const reading = this.#read(options);
    if (options.atomic === true) {
      const slot = this.#router.slotOf(commands);
      return transactionOf(
        commands,
        await this.#call({ ...limits, kind: 'atomic', commands, slot }),
        reading,
      );
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

  #call(spec: CallSpec): Promise<RawReplies> {
    return this.#admit(() => {
      const call = new Call(spec);
      this.#router.submit(call);
      return call.promise;
    });
  }

  async #admit(run: () => Promise<RawReplies>): Promise<RawReplies> {
    const { maxCommands } = this.#settings;
    if (this.#pending >= maxCommands) {
      throw new QueueFullError('commands', maxCommands, 'raise limits.commands of the driver');
    }
    this.#pending++;
    try {
      return await run();
    } finally {
      this.#pending--;
    }
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
    };
  };
}
