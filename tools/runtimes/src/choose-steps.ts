import type { Step } from './matrix.js';

type Chosen = Pick<Step, 'part' | 'runtime' | 'column'>;

/** What a step can be chosen by: its part, its runtime, its column. */
const KINDS: readonly ((step: Chosen) => string[])[] = [
  ({ part }) => [part],
  ({ runtime }) => [runtime.kind, runtime.name.replace(' ', '')],
  ({ column }) => [column],
];

/**
 * The steps that words choose; all when there are none. Words of one kind are alternatives: `bun deno core` is the core
 * paths in both.
 */
export function chooseSteps<S extends Chosen>(steps: readonly S[], words: readonly string[]): S[] {
  const wanted = words.map((word) => word.toLowerCase());
  const taken = new Set<string>();
  const kinds = KINDS.map((namesOf) => {
    const names = (step: Chosen): string[] => namesOf(step).map((name) => name.toLowerCase());
    // A name that two kinds have, as that of Bun, means the first.
    const known = new Set(steps.flatMap(names).filter((name) => !taken.has(name)));
    for (const name of known) taken.add(name);
    return { names, known, words: wanted.filter((word) => known.has(word)) };
  });
  const unknown = wanted.find((word) => !kinds.some(({ known }) => known.has(word)));
  if (unknown !== undefined) {
    throw new Error(
      `"${unknown}" chooses nothing; use ${kinds.flatMap(({ known }) => [...known]).join(', ')}`,
    );
  }
  return steps.filter((step) =>
    kinds.every(({ names, words }) => words.length === 0 || names(step).some((name) => words.includes(name))),
  );
}
