import { parseArgs } from 'node:util';
import type { FuzzTarget } from './fuzz-target.js';
import { type RunOptions, runTarget } from './run-target.js';

const USAGE = 'usage: fuzz [--seconds N] [--seed N] [--count N] [--target NAME]';

/** `--seconds` are shared by the targets. Prints what was found and how to find it again; the exit status is 1 then. */
export function fuzzCli(targets: readonly FuzzTarget[], args: string[] = process.argv.slice(2)): void {
  const chosen = readArgs(targets, args);
  if (chosen === undefined) {
    console.error(`${USAGE}\ntargets: ${targets.map(({ name }) => name).join(', ')}`);
    process.exitCode = 2;
    return;
  }
  for (const target of chosen.targets) if (!fuzz(target, chosen.options)) process.exitCode = 1;
}

function fuzz(target: FuzzTarget, options: RunOptions): boolean {
  const { name } = target;
  console.log(`${name}: seed ${options.seed}, ${options.seconds} s`);
  const { inputs, found, kinds } = runTarget(target, {
    ...options,
    onProgress: (checked) => console.log(`${name}: ${checked} inputs`),
  });
  if (found !== undefined) {
    console.error(`${name}: FAILED after ${inputs} inputs: ${found.problem}`);
    console.error(`reproduce: --target ${name} --seed ${found.seed} --count 1\ninput: ${found.input}`);
    return false;
  }
  console.log(`${name}: ${inputs} inputs, nothing found`);
  console.log(
    [...kinds]
      .sort()
      .map(([kind, count]) => `  ${kind}: ${count}`)
      .join('\n'),
  );
  return true;
}

function readArgs(
  targets: readonly FuzzTarget[],
  args: string[],
): { targets: readonly FuzzTarget[]; options: RunOptions } | undefined {
  const { seconds, seed, count, target } = valuesOf(args);
  const chosen = target === undefined ? targets : targets.filter(({ name }) => name === target);
  const options = {
    seconds: Number(seconds) / chosen.length,
    seed: seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(seed),
    count: count === undefined ? undefined : Number(count),
  };
  const sound =
    options.seconds > 0 &&
    Number.isFinite(options.seconds) &&
    Number.isSafeInteger(options.seed) &&
    (options.count === undefined || options.count > 0);
  return sound ? { targets: chosen, options } : undefined;
}

function valuesOf(
  args: string[],
): Readonly<Record<'seconds' | 'seed' | 'count' | 'target', string | undefined>> {
  const option = { type: 'string' } as const;
  try {
    const { values } = parseArgs({
      args,
      options: { seconds: { ...option, default: '60' }, seed: option, count: option, target: option },
    });
    const { seconds, seed, count, target } = values;
    return { seconds, seed, count, target };
  } catch {
    return { seconds: undefined, seed: undefined, count: undefined, target: undefined };
  }
}
