import type { CommandArgument } from '@redlane/resp3-core';
import { afterBlock, type BlockingTimeout, millisecondsAt, secondsAt, word } from './blocking-timeout.js';
import { DATA_READS, SERVER_READS, SUBCOMMAND_READS } from './read-commands.js';
import { REFUSALS, type Refusal, SUBCOMMAND_REFUSALS } from './refusals.js';

/** What is special about a command. */
export interface Route {
  /** It changes nothing that anybody reads: sending it twice does no harm. */
  readonly readOnly: boolean;
  /** It runs code: its error replies may come after some writes. */
  readonly script: boolean;
  /** It may take an element that is lost when nobody gets the reply. */
  readonly destructive: boolean;
  /** It changes the connection for the commands after it. */
  readonly dirties: boolean;
  /** It is answered by a push for each of its arguments, and by nothing else. */
  readonly pushReplied: boolean;
  /** Why it may not be sent, and where not. */
  readonly refusal: Refusal | undefined;
  /**
   * How long the server may wait before it replies to a command with these arguments, in ms; `Infinity` for a timeout of
   * 0; `undefined` when it replies at once.
   */
  readonly blockingTimeoutMs: BlockingTimeout['read'];
  /** The same command with another timeout of its own, in ms. */
  readonly withTimeout: BlockingTimeout['write'];
}

/** Where a command is about to be sent. */
export interface Place {
  /** On a connection that nobody else uses. */
  readonly exclusive: boolean;
  /** Between MULTI and EXEC. */
  readonly transaction: boolean;
}

interface Entry extends Route {
  readonly subcommands: Map<string, Entry> | undefined;
}

const ordinary: Entry = {
  readOnly: false,
  script: false,
  destructive: false,
  dirties: false,
  pushReplied: false,
  refusal: undefined,
  blockingTimeoutMs: () => undefined,
  withTimeout: (args) => args,
  subcommands: undefined,
};

// One shape for all entries, so that reading them stays cheap.
function entry(special: Partial<Entry>): Entry {
  return Object.freeze({ ...ordinary, ...special });
}

const read = entry({ readOnly: true });
const setsState = entry({ dirties: true });
const script = entry({ script: true });
const table = new Map<string, Entry>();

for (const name of words(DATA_READS)) add(table, name, read);
for (const name of words(SERVER_READS)) add(table, name, read);

// Read-only, though they run code: an error reply proves as little, and matters as little.
for (const name of words('EVAL_RO EVALSHA_RO FCALL_RO'))
  add(table, name, entry({ readOnly: true, script: true }));
for (const name of words('EVAL EVALSHA FCALL')) add(table, name, script);

for (const name of words('BLPOP BRPOP BZPOPMIN BZPOPMAX BRPOPLPUSH BLMOVE'))
  addBlocking(name, secondsAt(-1), { destructive: true });
for (const name of words('BLMPOP BZMPOP')) addBlocking(name, secondsAt(1), { destructive: true });
addBlocking('XREADGROUP', afterBlock, { destructive: true });
addBlocking('XREAD', afterBlock, { readOnly: true });

for (const [name, refusal] of Object.entries(REFUSALS)) {
  add(table, name, entry({ refusal, dirties: true, pushReplied: refusal.pushReplied === true }));
}

// They count what the replicas have of their own connection's writes.
for (const [name, at] of [
  ['WAIT', 2],
  ['WAITAOF', 3],
] as const) {
  addBlocking(name, millisecondsAt(at), { refusal: REFUSALS[name] });
}

for (const [name, subcommands] of Object.entries(SUBCOMMAND_READS)) {
  for (const subcommand of words(subcommands)) add(container(name), subcommand, read);
}
for (const subcommand of words('SETNAME SETINFO NO-EVICT NO-TOUCH CAPA IMPORT-SOURCE MAINT_NOTIFICATIONS')) {
  add(container('CLIENT'), subcommand, setsState);
}
for (const [name, refusals] of Object.entries(SUBCOMMAND_REFUSALS)) {
  for (const [subcommand, refusal] of Object.entries(refusals)) {
    add(container(name), subcommand, entry({ refusal, dirties: true }));
  }
}

/** The commands that are answered by pushes, in upper case. */
export const PUSH_COMMANDS: ReadonlySet<string> = frozenSet(
  Object.keys(REFUSALS).filter((name) => REFUSALS[name]?.pushReplied === true),
);

/** What is special about a command; `undefined` when nothing is. `args` begins with its name. */
export function routeOf(args: readonly CommandArgument[]): Route | undefined {
  const found = find(table, args[0]);
  if (found?.subcommands === undefined) return found;
  return find(found.subcommands, args[1]);
}

/** Why a command with this route must not be sent there; `undefined` when it may. */
export function refusalOf(route: Route, { exclusive, transaction }: Place): Refusal | undefined {
  const { refusal } = route;
  if (refusal === undefined) return undefined;
  return exclusive && refusal.exclusive && !(transaction && refusal.transaction === false)
    ? undefined
    : refusal;
}

/** A command's name in upper case, for messages; `''` when the argument cannot be one. */
export function commandName(argument: CommandArgument | undefined): string {
  return word(argument);
}

function find(entries: Map<string, Entry>, argument: CommandArgument | undefined): Entry | undefined {
  const name = typeof argument === 'string' ? argument : word(argument);
  const found = entries.get(name);
  return found === undefined && isMixed(name) ? entries.get(name.toUpperCase()) : found;
}

/** Upper and lower case are in the table: what is missing there in one of these is nothing special. */
function isMixed(name: string): boolean {
  let upper = false;
  let lower = false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    if (code >= 0x41 && code <= 0x5a) upper = true;
    else if (code >= 0x61 && code <= 0x7a) lower = true;
  }
  return upper && lower;
}

function add(entries: Map<string, Entry>, name: string, value: Entry): void {
  entries.set(name, value);
  entries.set(name.toLowerCase(), value);
}

function addBlocking(name: string, { read, write }: BlockingTimeout, special: Partial<Entry>): void {
  add(table, name, entry({ ...special, blockingTimeoutMs: read, withTimeout: write }));
}

function container(name: string): Map<string, Entry> {
  const known = table.get(name)?.subcommands;
  if (known !== undefined) return known;
  const subcommands = new Map<string, Entry>();
  add(table, name, entry({ subcommands }));
  return subcommands;
}

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

function frozenSet(names: readonly string[]): ReadonlySet<string> {
  const set = new Set(names);
  const refuse = (): never => {
    throw new TypeError('this set cannot be changed');
  };
  return Object.freeze(Object.assign(set, { add: refuse, delete: refuse, clear: refuse }));
}
