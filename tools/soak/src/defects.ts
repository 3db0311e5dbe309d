/** What can be broken on purpose, to see that a run finds it. */
export const DEFECTS = ['drop', 'repeat', 'swap', 'heap', 'timer', 'rejection', 'process'] as const;
export type Defect = (typeof DEFECTS)[number];

/** Where what comes from a package passes before it is checked. */
export interface Tamper {
  /** `drop` keeps each seventh message from the handler, and `repeat` gives it twice. */
  heard<Args extends unknown[]>(handle: (...args: Args) => void): (...args: Args) => void;
  /** `swap` gives each seventh caller the answer of another. */
  answer<T>(value: T): T;
}

const EACH = 7;

export function tamperOf(defects: ReadonlySet<Defect>): Tamper {
  let heard = 0;
  let answers = 0;
  let before: unknown;
  return {
    heard: (handle) => {
      if (!defects.has('drop') && !defects.has('repeat')) return handle;
      return (...args) => {
        const isChosen = ++heard % EACH === 0;
        if (isChosen && defects.has('drop')) return;
        handle(...args);
        if (isChosen) handle(...args);
      };
    },
    answer: (value) => {
      if (!defects.has('swap')) return value;
      const given = ++answers % EACH === 0 && typeof before === typeof value ? before : value;
      before = value;
      return given as typeof value;
    },
  };
}
