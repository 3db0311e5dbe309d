/** One of the things that a run tells: whether it is so, and what was measured. */
export interface Check {
  readonly name: string;
  readonly facts: string;
  readonly problems: readonly string[];
  /** More than `problems` has when there are many. */
  readonly problemCount: number;
}

export function check(name: string, facts: string, problems: readonly string[]): Check {
  return { name, facts, problems, problemCount: problems.length };
}

/** A check as lines of text. */
export function describeCheck({ name, facts, problems, problemCount }: Check): string {
  const lines = [`${problemCount === 0 ? '  ok    ' : '  FAILED'} ${name.padEnd(17)} ${facts}`];
  for (const text of problems) lines.push(`           - ${text}`);
  if (problemCount > problems.length) lines.push(`           … and ${problemCount - problems.length} more`);
  return lines.join('\n');
}
