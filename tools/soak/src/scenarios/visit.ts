import type { Gap, Topic } from '@redlane/client';

/** A numbered message, and when it was handed to the server and executed by it, in ms since 1970. */
export interface Published {
  readonly number: number;
  readonly from: number;
  /** `undefined` while it is under way; `never` when it may not have been executed at all. */
  to: number | undefined | 'never';
}

/** Gaps are reported once a subscription is whole again, which may take as long as faults last. */
const SETTLED_AFTER_MS = 20_000;
const GAP_KEPT_MS = 120_000;

/** What one subscriber gets of one topic: each message once, in order, and what is missing lies in a gap. */
export class Visit {
  received = 0;
  missing = 0;
  gaps = 0;
  readonly topic: Topic;
  readonly #problem: (text: string) => void;
  /** Published after the confirmation, and neither received nor given up. */
  #awaited: Published[] = [];
  /** Passed over, and to be found in a gap. */
  #missing: Published[] = [];
  #gaps: Gap[] = [];
  #last = -1;
  #isConfirmed = false;
  #isOver = false;

  constructor(topic: Topic, problem: (text: string) => void) {
    this.topic = topic;
    this.#problem = problem;
  }

  get last(): number {
    return this.#last;
  }

  confirmed(): void {
    this.#isConfirmed = true;
  }

  /** It is going to be published, to this topic among others. */
  await(message: Published): void {
    if (this.#isConfirmed && !this.#isOver) this.#awaited.push(message);
  }

  hear(number: number): void {
    if (this.#isOver) this.#fail(`got ${number} after its end`);
    if (number <= this.#last) this.#fail(`got ${number} after ${this.#last}`);
    this.#last = Math.max(this.#last, number);
    this.received++;
    while ((this.#awaited[0]?.number ?? Number.POSITIVE_INFINITY) <= number) {
      const message = this.#awaited.shift() as Published;
      if (message.number < number) this.#missing.push(message);
    }
  }

  gap(gap: Gap): void {
    this.gaps++;
    this.#gaps.push(gap);
    if (gap.from > gap.to) this.#fail(`has a gap from ${gap.from} to ${gap.to}`);
  }

  /** Looks for what is missing; with `all`, also for what has become missing just now. */
  check({ all = false }: { readonly all?: boolean } = {}): void {
    const now = Date.now();
    const due = this.#missing.filter(({ from }) => all || from < now - SETTLED_AFTER_MS);
    this.#missing = this.#missing.filter((message) => !due.includes(message));
    for (const message of due) this.#miss(message);
    this.#gaps = this.#gaps.filter(({ to }) => to > now - GAP_KEPT_MS);
  }

  /** What was published last and has not come is nobody's concern. */
  end(): void {
    this.#isOver = true;
    this.#awaited = [];
  }

  #miss({ number, from, to }: Published): void {
    if (to === 'never') return;
    this.missing++;
    const end = to ?? Number.POSITIVE_INFINITY;
    // It was executed at some moment between the two.
    if (this.#gaps.some((gap) => from <= gap.to && end >= gap.from)) return;
    const gaps = JSON.stringify(this.#gaps.slice(-5).map((gap) => [gap.from - from, gap.to - from]));
    this.#fail(`misses ${number}, which took ${end - from} ms, and the last gaps around it are ${gaps}`);
  }

  #fail(text: string): void {
    this.#problem(`${JSON.stringify(this.topic)} ${text}`);
  }
}
