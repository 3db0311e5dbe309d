/** The lines that went (`-`) and came (`+`), in order, each with the unchanged line before it. */
export function diffLines(before: string, after: string): string {
  const a = before.split('\n');
  const b = after.split('\n');
  const common = commonLengths(a, b);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  let context: string | undefined;
  const add = (line: string): void => {
    if (context !== undefined) lines.push(`  ${context}`);
    context = undefined;
    lines.push(line);
  };
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      context = a[i];
      i++;
      j++;
    } else if (j === b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!))
      add(`- ${a[i++]}`);
    else add(`+ ${b[j++]}`);
  }
  return lines.join('\n');
}

/** `[i][j]`: how many lines the rests from `a[i]` and from `b[j]` have in common, in order. */
function commonLengths(a: readonly string[], b: readonly string[]): number[][] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  return lengths;
}
