import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { routeOf } from '../src/routing.js';

/** What the server calls read-only and we do not send twice. */
const NOT_FOR_US: Readonly<Record<string, string>> = {
  TOUCH: 'it changes what is evicted next',
};

/** What we send twice though the server does not call it read-only. */
const FOR_US: Readonly<Record<string, string>> = {
  ACL: 'only CAT, DRYRUN, GETUSER, LIST, USERS, WHOAMI: they report',
  CLIENT: 'only ID, INFO, LIST and the like: they report',
  CLUSTER: 'only what reports',
  COMMAND: 'it reports',
  CONFIG: 'only GET',
  ECHO: 'it reads nothing at all',
  FUNCTION: 'only DUMP, LIST, STATS',
  INFO: 'it reports',
  LASTSAVE: 'it reports',
  LATENCY: 'only what reports',
  MEMORY: 'only what reports',
  MODULE: 'only LIST',
  PING: 'it reads nothing at all',
  PUBSUB: 'it reports',
  ROLE: 'it reports',
  SCRIPT: 'only EXISTS',
  SLOWLOG: 'only GET and LEN',
  TIME: 'it reports',
};

interface Described {
  readonly name: string;
  readonly flags: readonly string[];
}

let server: RedisServer;
let commands: Described[];

/** A command's description is `[name, arity, flags, …, subcommands]`; those of containers are in the tenth place. */
function described(entries: readonly unknown[]): Described[] {
  return entries.flatMap((entry) => {
    const [name, , flags, , , , , , , subcommands = []] = entry as [string, number, string[], ...unknown[]];
    const own = { name: name.toUpperCase(), flags };
    return [own, ...described(subcommands as unknown[])];
  });
}

const argsOf = ({ name }: Described): string[] => name.split('|');

beforeAll(async () => {
  server = await startServer();
  commands = described((await server.command('COMMAND')) as unknown[]);
});
afterAll(() => server.stop());
beforeEach(({ skip }) => {
  skip(!server.version.startsWith('7.0.'), 'the lists below are those of Redis 7.0');
});

it('agrees with the server on what is read-only', () => {
  expect(commands.length).toBeGreaterThan(300);
  const readOnly = commands.filter(({ flags }) => flags.includes('readonly'));
  const missing = readOnly.filter((command) => routeOf(argsOf(command))?.readOnly !== true);
  expect(missing.map(({ name }) => name)).toEqual(Object.keys(NOT_FOR_US));
});

it('takes nothing for read-only that the server says writes', () => {
  const writes = commands.filter(({ flags }) => flags.includes('write') || flags.includes('pubsub'));
  const wrong = writes.filter((command) => routeOf(argsOf(command))?.readOnly === true);
  expect(wrong.filter(({ name }) => !name.startsWith('PUBSUB')).map(({ name }) => name)).toEqual([]);
});

it('has a reason for each that it takes for read-only and the server does not', () => {
  const ours = commands.filter(
    (command) => routeOf(argsOf(command))?.readOnly === true && !command.flags.includes('readonly'),
  );
  const containers = new Set(ours.map((command) => argsOf(command)[0] as string));
  // Their containers are not flagged, though some of what they contain is; and LOLWUT is flagged in some versions only.
  for (const name of ['OBJECT', 'XINFO', 'XGROUP', 'LOLWUT']) containers.delete(name);
  expect([...containers].sort()).toEqual(Object.keys(FOR_US));
});

it('knows every command that the server may make wait', () => {
  const blocking = commands.filter(({ flags }) => flags.includes('blocking'));
  expect(blocking.length).toBeGreaterThanOrEqual(10);
  const unknown = blocking.filter(({ name }) => {
    // Each of them reads one of these as its timeout.
    const args = /^(XREAD|XREADGROUP)$/.test(name) ? [name, 'BLOCK', 1, 'STREAMS', 'k', 0] : [name, 1, 1, 1];
    return routeOf(args)?.blockingTimeoutMs(args) === undefined;
  });
  expect(unknown.map(({ name }) => name)).toEqual([]);
});

it('knows every command that changes the state of a connection', () => {
  const names = [
    'MULTI',
    'WATCH',
    'SELECT',
    'AUTH',
    'HELLO',
    'RESET',
    'MONITOR',
    'QUIT',
    'SUBSCRIBE',
    'SSUBSCRIBE',
  ];
  const known = new Set(commands.map(({ name }) => name));
  for (const name of names) {
    expect(known).toContain(name);
    expect(routeOf([name])).toMatchObject({ dirties: true, refusal: expect.anything() });
  }
});
