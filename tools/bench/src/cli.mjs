#!/usr/bin/env node
import { UsageError } from './usage-error.mjs';

const commands = {
  parser: () => import('./parser/command.mjs'),
  client: () => import('./client/command.mjs'),
  pubsub: () => import('./pubsub/command.mjs'),
  cached: () => import('./cached/command.mjs'),
  dispatch: () => import('./dispatch/command.mjs'),
  sse: () => import('./sse/command.mjs'),
  channel: () => import('./channel/command.mjs'),
  cost: () => import('./cost/command.mjs'),
};

const [name, ...args] = process.argv.slice(2);
const load = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
if (load === undefined) {
  console.error(
    `usage: bench <${Object.keys(commands).join(' | ')}> [options]; bench <command> --help tells more`,
  );
  process.exitCode = 2;
} else {
  try {
    const { run } = await load();
    process.exitCode = await run(args);
  } catch (error) {
    console.error(error instanceof UsageError ? error.message : error);
    process.exitCode = error instanceof UsageError ? 2 : 1;
  }
}
