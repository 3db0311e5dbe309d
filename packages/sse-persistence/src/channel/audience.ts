import type { ListenerPolicy } from '../event-feed.js';
import type { Admission, ListenerDirectory, Signal } from '../store/channel-store.js';
import { publishChannelEvent } from './channel-diagnostics.js';

/** Somebody who reads the channel in this process. */
export interface Attendant {
  readonly listener: string | undefined;
  readonly policy: ListenerPolicy;
  /** It gets nothing more. */
  end(reason: 'taken-over' | 'stopped'): void;
}

/** How often Redis is told who is here, in ms; and up to a fifth earlier, so that processes do not do it in step. */
const TOUCH_MS = 25_000;
/** How often positions are written down, in ms. */
const FLUSH_MS = 1_000;

/**
 * Who reads a channel in this process: says so to the others, hears what they say, and writes down how far each listener has
 * come. What is heard only saves time: each touch finds out the same.
 */
export class Audience {
  readonly #channelId: string;
  readonly #directory: ListenerDirectory;
  readonly #all: Set<Attendant> = new Set();
  readonly #byListener: Map<string, Set<Attendant>> = new Map();
  readonly #leaving: Set<string> = new Set();
  #positions: Map<string, string> = new Map();
  #watching: Promise<AsyncDisposable> | undefined;
  /** Readers without a listener that come at the same time ask once. */
  #anybody: Promise<Admission> | undefined;
  #touchTimer: NodeJS.Timeout | undefined;
  #flushTimer: NodeJS.Timeout | undefined;
  #release: Promise<void> | undefined;

  constructor(channelId: string, directory: ListenerDirectory) {
    this.#channelId = channelId;
    this.#directory = directory;
  }

  get size(): number {
    return this.#all.size;
  }

  /** Whether it may begin to read. It has to leave in any case. */
  async join(attendant: Attendant): Promise<Admission> {
    const { listener, policy } = attendant;
    this.#all.add(attendant);
    this.#touchTimer ??= this.#scheduleTouch();
    this.#watching ??= this.#watch();
    await this.#watching;
    if (listener === undefined) {
      this.#anybody ??= this.#directory.admit(undefined, policy).finally(() => {
        this.#anybody = undefined;
      });
      return this.#anybody;
    }
    await this.#release;
    const others = [...(this.#byListener.get(listener) ?? [])];
    if (policy === 'refuse' && others.length > 0) return { type: 'busy' };
    const mine = this.#byListener.get(listener) ?? new Set();
    this.#byListener.set(listener, mine.add(attendant));
    const admission = await this.#directory.admit(listener, policy);
    if (admission.type !== 'admitted') return admission;
    if (policy === 'take-over') {
      for (const other of others) if (other.policy !== 'share') this.#end(other, 'taken-over');
    }
    return { type: 'admitted', position: this.#positions.get(listener) ?? admission.position };
  }

  leave(attendant: Attendant): void {
    if (!this.#all.delete(attendant)) return;
    const { listener } = attendant;
    const others = listener === undefined ? undefined : this.#byListener.get(listener);
    if (listener !== undefined && others?.delete(attendant) && others.size === 0) {
      this.#byListener.delete(listener);
      this.#leaving.add(listener);
      this.#release ??= this.#releaseSoon();
    }
    if (this.#all.size === 0) this.#rest();
  }

  /** A listener has come so far. */
  note(listener: string, position: string): void {
    this.#positions.set(listener, position);
    this.#flushTimer ??= setTimeout(() => void this.#flush(), FLUSH_MS).unref();
  }

  /** How far a listener has come, if that is not written down yet. */
  noted(listener: string): string | undefined {
    return this.#positions.get(listener);
  }

  /** When all have left: what is known is written down. */
  async close(): Promise<void> {
    await this.#release;
    await this.#flush();
  }

  async #watch(): Promise<AsyncDisposable> {
    try {
      return await this.#directory.watch((signal) => this.#hear(signal));
    } catch (error) {
      this.#watching = undefined;
      throw error;
    }
  }

  #hear(signal: Signal): void {
    if (signal.type === 'gap') void this.#touch();
    else if (signal.type === 'taken-over') this.#endThose(signal.listener, 'taken-over');
    else if (signal.listener === undefined) this.#endAll();
    else this.#endThose(signal.listener, 'stopped');
  }

  #endAll(): void {
    publishChannelEvent({ event: 'stopped', channel: this.#channelId, listener: undefined });
    for (const attendant of [...this.#all]) attendant.end('stopped');
  }

  #endThose(listener: string, reason: 'taken-over' | 'stopped'): void {
    if (reason === 'stopped') this.#positions.delete(listener);
    for (const attendant of [...(this.#byListener.get(listener) ?? [])]) {
      if (reason === 'stopped' || attendant.policy !== 'share') this.#end(attendant, reason);
    }
  }

  #end(attendant: Attendant, event: 'taken-over' | 'stopped'): void {
    const { listener } = attendant;
    if (listener !== undefined) publishChannelEvent({ event, channel: this.#channelId, listener });
    attendant.end(event);
  }

  #scheduleTouch(): NodeJS.Timeout {
    return setTimeout(
      () => {
        void this.#touch().finally(() => {
          if (this.#touchTimer === undefined) return;
          clearTimeout(this.#touchTimer);
          this.#touchTimer = this.#scheduleTouch();
        });
      },
      TOUCH_MS * (1 - Math.random() / 5),
    ).unref();
  }

  async #touch(): Promise<void> {
    const listeners = Array.from(this.#byListener, ([listener, attendants]) => ({
      listener,
      isShared: [...attendants].every(({ policy }) => policy === 'share'),
    }));
    try {
      const { takenOver, stopped, isOver } = await this.#directory.touch(listeners);
      for (const listener of takenOver) this.#endThose(listener, 'taken-over');
      for (const listener of stopped) this.#endThose(listener, 'stopped');
      if (isOver) this.#endAll();
    } catch (error) {
      this.#report(error);
    }
  }

  /** Once for all that leave in one turn. */
  async #releaseSoon(): Promise<void> {
    await new Promise(setImmediate);
    this.#release = undefined;
    const gone = [...this.#leaving].filter((listener) => !this.#byListener.has(listener));
    this.#leaving.clear();
    // They are taken for absent later, should this fail.
    await this.#directory.release(gone).catch((error: unknown) => this.#report(error));
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#flushTimer);
    this.#flushTimer = undefined;
    const positions = this.#positions;
    if (positions.size === 0) return;
    this.#positions = new Map();
    try {
      await this.#directory.savePositions(positions);
    } catch (error) {
      this.#report(error);
      for (const [listener, position] of positions) {
        if (!this.#positions.has(listener)) this.note(listener, position);
      }
    }
  }

  #rest(): void {
    clearTimeout(this.#touchTimer);
    this.#touchTimer = undefined;
    const watching = this.#watching;
    this.#watching = undefined;
    watching?.then((subscription) => subscription[Symbol.asyncDispose]()).catch(() => undefined);
  }

  #report(error: unknown): void {
    publishChannelEvent({ event: 'error', channel: this.#channelId, error });
  }
}
