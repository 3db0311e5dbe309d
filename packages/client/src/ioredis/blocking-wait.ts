import type { CommandArgument } from '@redlane/resp3-core';
import { AbortError, type ClientError, ConnectionLostError, TimeoutError } from '../errors.js';
import { commandName, routeOf } from '../routing.js';
import { unlessAborted } from '../unless-aborted.js';
import { within } from '../within.js';
import { slicesOf, type WithTimeout } from './blocking-slices.js';
import { Call, type CallSpec } from './call.js';
import type { Settings } from './ioredis-driver-options.js';
import type { LeaseCommands } from './lease-commands.js';
import { pinnedStreams } from './pinned-streams.js';
import { isServerError } from './raw-reply.js';

/** UNBLOCK finds nothing when it overtakes the command on the way to the server, or when the reply is on its way. */
const AGAIN_MS = 20;
/** How long one UNBLOCK may take. */
const UNBLOCK_MS = 1_000;
/** How often that may happen before the server counts as gone. */
const UNANSWERED = 2;

export interface WaitOptions {
  /** The command's own timeout; `Infinity`: none. */
  readonly waitMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
}

type Ending = (maybeExecuted: boolean) => ClientError;

/**
 * One command that waits at the server, from the call to the reply. It is sent in slices, so that a server that is gone is
 * noticed after a slice and the grace, and not never.
 */
export class BlockingWait {
  readonly #commands: LeaseCommands;
  readonly #settings: Settings;
  readonly #options: WaitOptions;
  readonly #name: string;
  readonly #deadline: number;
  readonly #end: () => void;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
  #args: readonly CommandArgument[];
  #sent = false;
  #over = false;
  #cancelled = false;
  #ending: Ending | undefined;

  constructor(
    commands: LeaseCommands,
    args: readonly CommandArgument[],
    settings: Settings,
    options: WaitOptions,
  ) {
    this.#commands = commands;
    this.#args = args;
    this.#settings = settings;
    this.#options = options;
    this.#name = commandName(args[0]);
    this.#deadline = performance.now() + (options.timeoutMs || Number.POSITIVE_INFINITY);
    let end: () => void = () => undefined;
    this.ended = new Promise((resolve) => {
      end = resolve;
    });
    this.#end = () => {
      this.#over = true;
      end();
    };
  }

  /**
   * Until its turn has come.
   *
   * @throws AbortError, TimeoutError when it is not wanted any more by then: nothing of it has been sent
   */
  async inLine(turn: Promise<void>): Promise<void> {
    const { signal, timeoutMs = 0 } = this.#options;
    const delivery = { maybeExecuted: false, phase: 'queued' } as const;
    try {
      const come = within(turn, this.#deadline - performance.now());
      if (await (signal === undefined ? come : unlessAborted(come, signal))) return;
      throw new TimeoutError(this.#name, { ...delivery, timeoutMs });
    } catch (error) {
      this.#end();
      throw signal?.aborted ? new AbortError(this.#name, { ...delivery, cause: signal.reason }) : error;
    }
  }

  /** Resolves with the raw reply. `cancel` ends what waits at the server: it is how a signal ends it, too. */
  async run(cancel: () => Promise<boolean>): Promise<unknown> {
    const { signal } = this.#options;
    let sliced = true;
    const endBy = (ending: Ending): void => {
      if (this.#ending !== undefined) return;
      this.#ending = ending;
      // What cannot be cancelled ends with its slice. Without slices only the connection can end it.
      void cancel().then((done) => {
        if (!done && !sliced) this.#commands.abandon(ending(true));
      });
    };
    const onAbort = (): void => endBy(this.#aborted);
    let timer: NodeJS.Timeout | undefined;
    try {
      if (signal?.aborted) onAbort();
      else signal?.addEventListener('abort', onAbort, { once: true });
      // What cancels must be there by then.
      this.#commands.router.laneAt(this.#commands.connection.key)?.start();
      this.#args = await pinnedStreams(this.#commands, this.#args);
      const slices = slicesOf(this.#args);
      sliced = slices !== undefined;
      if (slices !== undefined) return await this.#sliced(slices);
      const { timeoutMs } = this.#options;
      if (timeoutMs) timer = setTimeout(() => endBy(this.#late), Math.min(timeoutMs, 2 ** 31 - 1));
      return await this.#whole();
    } catch (error) {
      if (this.#ending === undefined || !(error instanceof ConnectionLostError)) throw error;
      throw this.#ending(error.maybeExecuted);
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      this.#end();
    }
  }

  /** It is to end: nothing more of it is sent. */
  get stopped(): boolean {
    return this.#cancelled;
  }

  /** Sees to it that nothing more of it is sent. False when that was done before. */
  stop(): boolean {
    if (this.#cancelled) return false;
    this.#cancelled = true;
    return true;
  }

  /** Ends at the server what was sent of it. False when the server does not let us; then it goes on. */
  async cancel(): Promise<boolean> {
    let unanswered = 0;
    if (!this.#sent) await this.ended;
    while (!this.#isOver()) {
      const answer = await this.#tellServer();
      if (this.#isOver()) break;
      if (answer === 'refused') {
        this.#cancelled = this.#ending !== undefined;
        return false;
      }
      if (answer === 'unanswered' && ++unanswered >= UNANSWERED) {
        const cause = new Error('the server does not answer');
        this.#commands.abandon(new ConnectionLostError({ maybeExecuted: true, phase: 'written', cause }));
      }
      await Promise.race([this.ended, delay(AGAIN_MS)]);
    }
    return true;
  }

  async #sliced(withTimeout: WithTimeout): Promise<unknown> {
    const { waitMs } = this.#options;
    const endAt = performance.now() + waitMs;
    for (;;) {
      if (this.#cancelled) return this.#empty();
      const now = performance.now();
      const sliceMs = Math.min(this.#settings.blockSliceMs, endAt - now, this.#deadline - now);
      // As it was given, when that is short enough.
      const args = sliceMs > 0 && waitMs <= sliceMs ? this.#args : withTimeout(sliceMs);
      const reply = await this.#exchange(args, Math.max(0, sliceMs) + this.#settings.blockingGraceMs);
      if (reply !== null) return reply;
      if (this.#cancelled) continue;
      const ended = performance.now();
      if (ended >= endAt) return null;
      if (ended >= this.#deadline) throw this.#late(false);
    }
  }

  async #whole(): Promise<unknown> {
    const { waitMs } = this.#options;
    if (this.#cancelled) return this.#empty();
    const reply = await this.#exchange(this.#args, waitMs + this.#settings.blockingGraceMs);
    return reply === null && this.#cancelled ? this.#empty() : reply;
  }

  #empty(): null {
    if (this.#ending !== undefined) throw this.#ending(false);
    return null;
  }

  /** One slice. What only reads goes on over another connection when this one is lost. */
  async #exchange(args: readonly CommandArgument[], timeoutMs: number): Promise<unknown> {
    for (;;) {
      const spec = { kind: 'single', commands: [args], timeoutMs } as const;
      this.#sent = true;
      try {
        const [reply] = await this.#commands.exchange(spec, { waits: true });
        return reply;
      } catch (error) {
        if (error instanceof TimeoutError) this.#commands.abandon(error);
        const goesOn = routeOf(args)?.readOnly === true && this.#commands.clean && !this.#cancelled;
        if (!goesOn || !isLoss(error)) throw isLoss(error) ? this.#lost(error) : error;
        await this.#replaceConnection();
      }
    }
  }

  async #replaceConnection(): Promise<void> {
    const { router } = this.#commands;
    const timeoutMs = Math.min(this.#settings.leaseTimeoutMs, this.#deadline - performance.now());
    await router.refresh();
    await this.#commands.move(() => router.place(router.slotOf([this.#args])), { timeoutMs });
  }

  async #tellServer(): Promise<'heard' | 'refused' | 'unanswered'> {
    const { connection, router } = this.#commands;
    const { id, key, peer } = connection;
    if (id === undefined) return 'refused';
    const lane = router.laneAt(key);
    if (lane === undefined) return 'unanswered';
    const unblock: CallSpec = {
      kind: 'single',
      commands: [['CLIENT', 'UNBLOCK', id]],
      // An id means nothing to another server, or somebody else there.
      node: key === '' ? undefined : key,
      peer,
      timeoutMs: UNBLOCK_MS,
    };
    try {
      const [reply] = await Call.exchange(unblock, (call) => lane.submit(call));
      return isServerError(reply) ? 'refused' : 'heard';
    } catch {
      // It may still be under way, and must not hit what comes next on that connection.
      if (connection.open) connection.spoilt = true;
      return 'unanswered';
    }
  }

  #lost(cause: unknown): ClientError {
    return cause instanceof TimeoutError
      ? new ConnectionLostError({ maybeExecuted: true, phase: 'written', command: this.#name, cause })
      : (cause as ClientError);
  }

  readonly #aborted: Ending = (maybeExecuted) =>
    new AbortError(this.#name, { maybeExecuted, phase: 'written', cause: this.#options.signal?.reason });

  readonly #late: Ending = (maybeExecuted) =>
    new TimeoutError(this.#name, {
      maybeExecuted,
      phase: 'written',
      timeoutMs: this.#options.timeoutMs ?? 0,
    });

  // It changes while we wait, which the compiler does not see.
  #isOver(): boolean {
    return this.#over;
  }
}

function isLoss(error: unknown): boolean {
  return error instanceof ConnectionLostError || error instanceof TimeoutError;
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
