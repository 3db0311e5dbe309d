import type { SuiteName } from './run-suite.js';
import type { RuntimeKind } from './runtimes.js';

/** Tests that say nothing about our packages in a runtime. All others must pass there. */
export interface LeftOut {
  readonly kind: RuntimeKind;
  readonly package: SuiteName;
  /** A file from the package's folder, or tests by a part of their names. */
  readonly file?: string;
  readonly tests?: readonly string[];
  readonly reason: string;
}

const ENGINE = 'it measures memory, or relies on a limit, as V8 has it';
const SOCKET =
  'it looks into the sockets of node:http in Node; other ways of writing are used where they differ';
const ZOD = 'vitest in Bun does not see the export `z` of zod';
const PROGRAMS = 'it starts programs of its own by node, with its flags';

export const LEFT_OUT: readonly LeftOut[] = [
  { kind: 'bun', package: 'resp3-core', file: 'test/retention.test.ts', reason: ENGINE },
  { kind: 'bun', package: 'resp3-core', tests: ['a text that is too long for the engine'], reason: ENGINE },
  { kind: 'bun', package: 'client', file: 'src/codec/with-schema.test.ts', reason: ZOD },
  { kind: 'bun', package: 'client', tests: ['in the engine’s own count'], reason: ENGINE },
  { kind: 'bun', package: 'client', tests: ['reconnects leave nothing behind'], reason: ENGINE },
  { kind: 'bun', package: 'channel', tests: ['checks both directions by schemas'], reason: ZOD },
  { kind: 'bun', package: 'pubsub-manager', tests: ['are checked by a schema'], reason: ZOD },
  {
    kind: 'bun',
    package: 'sse-persistence',
    tests: ['when nothing is in the way', 'not before an earlier response of the connection is over'],
    reason: SOCKET,
  },
  {
    kind: 'bun',
    package: 'sse-persistence',
    tests: ['does not hold up a shutdown for ever', 'that goes away is known at once'],
    reason: SOCKET,
  },
  {
    kind: 'bun',
    package: 'sse-persistence',
    tests: ['after a drain goes on with another one'],
    reason: 'the test closes a server of node:http while a browser keeps a connection, which Bun waits for',
  },
  { kind: 'deno', package: 'resp3-core', file: 'test/retention.test.ts', reason: PROGRAMS },
  { kind: 'deno', package: 'client', file: 'test/lifecycle.test.ts', reason: PROGRAMS },
  { kind: 'deno', package: 'client', file: 'test/list-consumer-chaos.test.ts', reason: PROGRAMS },
  { kind: 'deno', package: 'client', file: 'src/debug-log.test.ts', reason: PROGRAMS },
  { kind: 'deno', package: 'client', tests: ['in the engine’s own count'], reason: ENGINE },
  {
    kind: 'deno',
    package: 'client',
    tests: ['connects to a name of which only'],
    reason: 'the test brings its own look-up of names, which the sockets of Deno do not ask',
  },
  {
    kind: 'deno',
    package: 'client',
    tests: ['and for none by an address'],
    reason: 'a server of node:tls in Deno says null, not false, when it was asked for no name',
  },
  {
    kind: 'deno',
    package: 'client',
    tests: ['beyond them, commands are rejected at once'],
    reason:
      'a hundred thousand errors with their stacks take Deno 13 s alone, and more than the time of a test beside others',
  },
  {
    kind: 'deno',
    package: 'client',
    tests: [
      'the log of NODE_DEBUG=redlane shows no secret',
      'leaves nothing that keeps the process when it is closed',
    ],
    reason: PROGRAMS,
  },
  {
    kind: 'deno',
    package: 'client',
    tests: ['but not when only this process was held up'],
    reason:
      'a loop that was held up runs its timers before it reads what has come in Deno, so that a deadline may pass there',
  },
  { kind: 'deno', package: 'channel', file: 'test/example.test.ts', reason: PROGRAMS },
  { kind: 'deno', package: 'channel', file: 'test/reliability.test.ts', reason: PROGRAMS },
  { kind: 'deno', package: 'sse-persistence', file: 'test/examples.test.ts', reason: PROGRAMS },
  {
    kind: 'deno',
    package: 'sse-persistence',
    tests: ['when nothing is in the way', 'not before an earlier response of the connection is over'],
    reason: SOCKET,
  },
  {
    kind: 'deno',
    package: 'sse-persistence',
    tests: ['publish while others open'],
    reason: 'alone it takes Deno a quarter of a minute, and more than the time of a test beside others',
  },
  {
    kind: 'deno',
    package: 'sse-persistence',
    tests: ['is what was written, whatever the strings are'],
    reason: 'the TextDecoder of the test drops a byte order mark in the midst of a stream in Deno',
  },
];

/** What vitest is to be told for a package in a runtime. */
export function argumentsFor(kind: RuntimeKind, name: SuiteName, leftOut = LEFT_OUT): string[] {
  const here = leftOut.filter((each) => each.kind === kind && each.package === name);
  const files = here.flatMap(({ file }) => (file === undefined ? [] : ['--exclude', file]));
  const tests = here.flatMap((each) => each.tests ?? []).map(literal);
  if (tests.length === 0) return files;
  return [...files, '--testNamePattern', `^(?!.*(?:${tests.join('|')}))`];
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}
