import { ClosedError, ConnectionLostError } from '../errors.js';
import type { Call } from './call.js';
import type { Redis } from './ioredis-like.js';
import { Link, type LinkChecks, type LinkOwner } from './link.js';

/** A connection for commands, as a lane gets it. */
export interface Carrier {
  readonly instance: Redis;
  /** Called once, when nothing that was written to it will be answered any more. */
  onLost(listener: (cause: Error) => void): void;
  /** Called when nothing more can be written for now, while what is owed may still come. */
  onPause?(listener: (cause: Error) => void): void;
  close(): Promise<void>;
}

export interface LaneOptions {
  open(signal: AbortSignal): Promise<Carrier>;
  /** How long to wait before the next attempt, in ms; `undefined` to give up. `attempt` counts from 1. */
  retryDelay(attempt: number): number | undefined;
  readonly checks?: Omit<LinkChecks, 'onSilence'> | undefined;
  /** Takes over the calls that no connection could be had for; without it they go on waiting. */
  readonly stranded?: ((calls: Call[]) => void) | undefined;
  readonly onReady: () => void;
  readonly onDown: (cause: Error) => void;
  readonly onGivenUp: (cause: Error) => void;
}

interface Connected {
  readonly carrier: Carrier;
  readonly link: Link;
}

/** The connection that carries the commands for one server, and those that wait for it. */
export class Lane {
  readonly #options: LaneOptions;
  readonly #owner: LinkOwner;
  /** In the order of the calls. */
  #waiting: Set<Call> = new Set();
  /** Handed to a connection that was just gone; they come first. */
  readonly #returned: Set<Call> = new Set();
  readonly #retired: Set<Connected> = new Set();
  #connected: Connected | undefined;
  #opening: AbortController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempt = 0;
  #failure: Error | undefined;
  #problem: Error | undefined;
  #closed = false;

  constructor(owner: LinkOwner, options: LaneOptions) {
    this.#options = options;
    this.#owner = owner;
  }

  get waiting(): number {
    return this.#waiting.size + this.#returned.size;
  }

  get link(): Link | undefined {
    return this.#connected?.link;
  }

  /** Why there is no connection: what ended the last one, or the last attempt. */
  get problem(): Error | undefined {
    return this.#problem;
  }

  submit(call: Call): void {
    if (call.settled) return;
    if (this.#closed) this.#refuse(call);
    else if (this.#connected !== undefined && this.#returned.size === 0) this.#connected.link.write(call);
    else {
      call.home = this.#waiting;
      this.#waiting.add(call);
      this.start();
    }
  }

  /** Connects unless that is done or under way. */
  start(): void {
    if (this.#closed || this.#connected !== undefined || this.#opening !== undefined) return;
    if (this.#timer === undefined) void this.#open();
  }

  /** It was not written, since the connection has just gone. */
  putBack(call: Call, cause: Error): void {
    if (call.settled) return;
    if (this.#closed) {
      this.#refuse(call);
      return;
    }
    const connected = this.#connected;
    // Those that were handed over with it come back one by one.
    if (this.#returned.size === 0) setImmediate(() => this.#takeBack(connected, cause));
    call.home = this.#returned;
    this.#returned.add(call);
  }

  /** This server is the wrong one by now: what it owes may still come, everything else goes over a new connection. */
  retire(link: object, cause: Error): void {
    const connected = this.#connected;
    if (connected === undefined || connected.link !== link) return;
    this.#connected = undefined;
    this.#retired.add(connected);
    void connected.link.drained().then(() => {
      this.#retired.delete(connected);
      connected.link.end(cause);
      return connected.carrier.close();
    });
    this.#wentDown(cause);
  }

  async close(cause: ClosedError): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#opening?.abort(cause);
    const all = [...this.#retired, ...(this.#connected === undefined ? [] : [this.#connected])];
    this.#connected = undefined;
    for (const { link } of all) link.end(cause);
    for (const call of [...this.#returned, ...this.#waiting]) call.reject(cause);
    await Promise.all(all.map(({ carrier }) => carrier.close()));
  }

  #takeBack(connected: Connected | undefined, cause: Error): void {
    this.#waiting = new Set([...this.#returned, ...this.#waiting]);
    this.#returned.clear();
    for (const call of this.#waiting) call.home = this.#waiting;
    if (connected !== undefined && connected === this.#connected) this.#drop(connected, cause);
    else if (this.#connected !== undefined) this.#flush(this.#connected.link);
    else this.start();
  }

  #refuse(call: Call): void {
    call.reject(
      this.#failure === undefined
        ? new ClosedError()
        : new ConnectionLostError({
            maybeExecuted: false,
            phase: 'connecting',
            command: call.name,
            cause: this.#failure,
          }),
    );
  }

  async #open(): Promise<void> {
    const opening = new AbortController();
    this.#opening = opening;
    let carrier: Carrier | undefined;
    let problem: Error | undefined;
    try {
      carrier = await this.#options.open(opening.signal);
    } catch (error) {
      problem = error as Error;
    }
    this.#opening = undefined;
    if (this.#closed) void carrier?.close();
    else if (carrier === undefined) this.#wentDown(problem as Error);
    else this.#use(carrier);
  }

  #use(carrier: Carrier): void {
    const { checks } = this.#options;
    const lost = (cause: Error): void => this.#drop(connected, cause);
    const link = new Link(carrier.instance, this.#owner, checks && { ...checks, onSilence: lost });
    const connected: Connected = { carrier, link };
    this.#connected = connected;
    this.#attempt = 0;
    this.#problem = undefined;
    carrier.onPause?.((cause) => this.retire(link, cause));
    carrier.onLost(lost);
    if (this.#connected !== connected) return;
    this.#options.onReady();
    this.#flush(link);
  }

  #flush(link: Link): void {
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const call of calls) {
      call.home = undefined;
      link.write(call);
    }
  }

  /** The connection is gone, or as good as gone. */
  #drop(connected: Connected, cause: Error): void {
    void connected.carrier.close();
    if (connected === this.#connected) {
      this.#connected = undefined;
      this.#wentDown(cause);
    }
    connected.link.end(cause);
  }

  #wentDown(cause: Error): void {
    this.#problem = cause;
    this.#options.onDown(cause);
    const delay = this.#options.retryDelay(++this.#attempt);
    if (delay === undefined) {
      this.#failure = cause;
      this.#closed = true;
      for (const call of [...this.#returned, ...this.#waiting]) this.#refuse(call);
      this.#options.onGivenUp(cause);
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.start();
    }, delay);
    const { stranded } = this.#options;
    if (stranded === undefined || this.#waiting.size === 0) return;
    const calls = [...this.#waiting];
    this.#waiting.clear();
    for (const call of calls) call.home = undefined;
    stranded(calls);
  }
}
