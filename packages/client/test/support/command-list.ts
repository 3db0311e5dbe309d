import type { RedisServer } from '@redlane/redis-server';

const WIDTH = 108;

/** Every command that a server lists, with its subcommands: `GET`, `CLIENT LIST`. */
export async function listedCommands(server: RedisServer): Promise<string[]> {
  const details = (await server.command('COMMAND')) as unknown[][];
  return details.flatMap(namesOf).filter((name) => !isInternal(name));
}

/** A command's own name and those of its subcommands; Redis 7 gives them as the tenth detail, `container|subcommand`. */
function namesOf(details: unknown[]): string[] {
  const [name, , , , , , , , , subcommands = []] = details;
  const own = String(name).replace('|', ' ').toUpperCase();
  return [own, ...(subcommands as unknown[][]).flatMap(namesOf)];
}

/** What modules say to themselves: `_FT.CONFIG`, `FT._CREATEIFNX`. */
function isInternal(name: string): boolean {
  return /^_|\._/.test(name);
}

/** The name here: `CLIENT NO-EVICT` is `clientNoEvict`. */
export function methodName(command: string): string {
  const [first = '', ...rest] = command.toLowerCase().split(/[ ._|-]+/);
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/** The source of `src/commands/command-words.ts` for these commands. */
export function commandWordsSource(commands: Iterable<string>): string {
  const byName = new Map<string, string>();
  for (const command of [...new Set(commands)].sort()) {
    const name = methodName(command);
    const other = byName.get(name);
    if (other !== undefined) throw new Error(`${command} and ${other} would both be ${name}`);
    byName.set(name, command);
  }
  const lines: string[] = [];
  let line = ' ';
  for (const [name, command] of byName) {
    const property = ` ${name}: '${command}',`;
    if (line.length + property.length > WIDTH) {
      lines.push(line);
      line = ' ';
    }
    line += property;
  }
  return `// Written by \`vitest run test/commands-list.test.ts -u\`, which adds what the server at hand has besides these.

/** The words of each command of Redis, Valkey and their modules, by its name here. */
// biome-ignore format: a line each would be more to scroll, and no better to read
export const COMMAND_WORDS = {
${[...lines, line].join('\n')}
};
`;
}
