import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CutKind, Faults } from './faults.js';

/** More than this waiting makes the pipe stop reading, as a slow network would. */
const highWater = 256 * 1024;

type Item = { readonly arrivedAt: number } & ({ bytes: Buffer } | { readonly end: CutKind });

/** What a {@link FaultPipe} tells. */
export interface PipeEvents {
  onBytes(chunk: Buffer): void;
  onForwarded(bytes: number): void;
  /** The source has ended, and all that it sent has left: the sink has to end too. */
  onEnd(by: CutKind): void;
  /** `cutAfter` has been reached. */
  onCut(by: CutKind): void;
}

/** One direction of a connection: takes what the source sends and writes it to the sink, in order, with the faults set. */
export class FaultPipe {
  readonly #source: Socket;
  readonly #sink: Socket;
  readonly #random: () => number;
  readonly #events: PipeEvents;
  readonly #queue: Item[] = [];
  #queued = 0;
  #faults: Faults = {};
  /** Bytes that `cutAfter` still lets through. */
  #allowance = Number.POSITIVE_INFINITY;
  #dripAt = 0;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(source: Socket, sink: Socket, random: () => number, events: PipeEvents) {
    this.#source = source;
    this.#sink = sink;
    this.#random = random;
    this.#events = events;
    source.on('data', (bytes) => {
      if (this.#stopped) return;
      events.onBytes(bytes);
      this.#queued += bytes.length;
      if (this.#queued > highWater) source.pause();
      this.#enqueue({ bytes, arrivedAt: performance.now() });
    });
    source.on('end', () => this.#enqueue({ end: 'FIN', arrivedAt: performance.now() }));
    source.on('error', () => this.#enqueue({ end: 'RST', arrivedAt: performance.now() }));
    sink.on('close', () => this.stop());
  }

  /** Begins to write; until then what comes is queued. */
  start(): void {
    void this.#run();
  }

  /** Replaces all faults. */
  set(faults: Faults): void {
    this.#faults = faults;
    this.#allowance = faults.cutAfter?.bytes ?? Number.POSITIVE_INFINITY;
    this.#dripAt = 0;
    this.#wake();
  }

  /** Forgets what is queued and writes no more. The source is read on, as its end would not be seen otherwise. */
  stop(): void {
    this.#stopped = true;
    this.#queue.length = 0;
    this.#source.resume();
    this.#wake();
  }

  #enqueue(item: Item): void {
    if (this.#stopped) return;
    this.#queue.push(item);
    this.#wake();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const head = this.#queue[0];
      if (head === undefined || this.#faults.stalled) {
        await this.#change();
        continue;
      }
      const dueIn = Math.max(head.arrivedAt + (this.#faults.delayMs ?? 0), this.#dripAt) - performance.now();
      if (dueIn > 0) await this.#change(dueIn);
      else if ('end' in head) return this.#end(head.end);
      else await this.#forward(head);
    }
  }

  #end(by: CutKind): void {
    this.#stopped = true;
    this.#events.onEnd(by);
  }

  async #forward(head: { bytes: Buffer }): Promise<void> {
    const { split, drip, cutAfter } = this.#faults;
    let size = Math.min(head.bytes.length, this.#allowance);
    if (split !== undefined) size = Math.min(size, 1 + Math.floor(this.#random() * split));
    if (drip !== undefined) size = Math.min(size, drip.bytes);
    const piece = head.bytes.subarray(0, size);
    if (size === head.bytes.length) this.#queue.shift();
    else head.bytes = head.bytes.subarray(size);
    this.#queued -= size;
    this.#allowance -= size;

    if (size > 0) {
      if (drip !== undefined) this.#dripAt = performance.now() + drip.everyMs;
      if (!(await this.#write(piece))) return;
      this.#events.onForwarded(size);
    }
    if (cutAfter !== undefined && cutAfter === this.#faults.cutAfter && this.#allowance === 0) {
      this.#events.onCut(cutAfter.by);
    } else if (split !== undefined) {
      await nextTurn();
    }
    if (this.#queued <= highWater) this.#source.resume();
  }

  #write(piece: Buffer): Promise<boolean> {
    return new Promise((resolve) => this.#sink.write(piece, (error) => resolve(!error)));
  }

  /** Resolves when something has been queued or set, or after `ms`. */
  #change(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(() => this.#wake(), Math.ceil(ms));
      this.#wake = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
    });
  }
}
