import type { Outcome, System } from '../src/system.js';

interface FakeMachine {
  platform?: NodeJS.Platform;
  isRoot?: boolean;
  hasSystemd?: boolean;
  env?: Record<string, string>;
  /** Programs on PATH, under /bin. */
  programs?: string[];
  /** What a command prints; a missing one succeeds in silence. `false` makes it fail. May change the machine. */
  answer?: (line: string, programs: Set<string>) => string | false | undefined;
}

/** A machine that exists only in a test, and the command lines that were run on it. */
export function fakeSystem({
  answer = () => undefined,
  ...machine
}: FakeMachine): System & { readonly ran: string[] } {
  const programs = new Set(machine.programs);
  const ran: string[] = [];
  return {
    platform: machine.platform ?? 'linux',
    isRoot: machine.isRoot ?? false,
    hasSystemd: machine.hasSystemd ?? false,
    env: machine.env ?? {},
    which: (program) => (programs.has(program) ? `/bin/${program}` : undefined),
    async run(program, args): Promise<Outcome> {
      const line = [program, ...args].join(' ');
      ran.push(line);
      const output = answer(line, programs);
      return { ok: output !== false, output: output === false ? 'E: something is wrong' : (output ?? '') };
    },
    ran,
  };
}
