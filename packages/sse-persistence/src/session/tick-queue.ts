import { EventFrame } from './event-frame.js';

/** What has something to do at the end of a turn of the event loop. */
export interface Flushable {
  flush(turn: Turn): void;
}

/** One run over all sessions that have something to write. */
export interface Turn {
  /** `performance.now()` */
  readonly now: number;
  /** These frames as one; the array is not to be changed afterwards. Sessions that write the same events get the same bytes. */
  join(frames: readonly EventFrame[]): EventFrame;
}

/** Collects what happens in a turn of the event loop, so that a session writes the events of a turn at once. */
export class TickQueue {
  #waiting: Flushable[] = [];

  add(flushable: Flushable): void {
    if (this.#waiting.push(flushable) === 1) setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const flushables = this.#waiting;
    this.#waiting = [];
    const turn = new JoiningTurn();
    for (const flushable of flushables) flushable.flush(turn);
  };
}

interface Joined {
  readonly frames: readonly EventFrame[];
  readonly whole: EventFrame;
}

class JoiningTurn implements Turn {
  readonly now: number = performance.now();
  /** By their first frame: nearly all sessions of a channel stand at the same place. */
  readonly #joined: Map<EventFrame, Joined> = new Map();

  join(frames: readonly EventFrame[]): EventFrame {
    const first = frames[0] as EventFrame;
    if (frames.length === 1) return first;
    const known = this.#joined.get(first);
    if (known !== undefined && isSame(known.frames, frames)) return known.whole;
    const whole = EventFrame.join(frames);
    if (known === undefined) this.#joined.set(first, { frames, whole });
    return whole;
  }
}

function isSame(a: readonly EventFrame[], b: readonly EventFrame[]): boolean {
  return a.length === b.length && a.every((frame, i) => frame === b[i]);
}
