import { setTimeout as delay } from 'node:timers/promises';
import { ConnectError, RedisClient } from '@redlane/client';
import { UsageError } from '../usage-error.js';
import { type Inspection, inspect } from './inspect.js';
import { type InspectorOptions, readOptions, usage } from './options.js';
import { formatInspection } from './report.js';

const CLEAR = '\x1b[H\x1b[2J\x1b[3J';

try {
  const options = readOptions(process.argv.slice(2), process.env);
  if (options === 'help') process.stdout.write(usage);
  else await run(options);
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(options: InspectorOptions): Promise<void> {
  // Better to say at once that the server is not there than to wait for it.
  await using client = new RedisClient(options.url, { clientName: 'redlane-inspect', offlineQueue: false });
  if (options.everySeconds === undefined) print(await inspect(client, options), options);
  else await watch(client, options, options.everySeconds * 1_000);
}

async function watch(client: RedisClient, options: InspectorOptions, everyMs: number): Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = (): void => stopping.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  // Whoever reads, as `head` does, may have had enough.
  process.stdout.once('error', stop);
  while (!signal.aborted) {
    try {
      print(await inspect(client, options), options);
    } catch (error) {
      // The server may come back.
      console.error(messageOf(error));
    }
    await delay(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

function print(inspection: Inspection, { url, json, everySeconds }: InspectorOptions): void {
  if (json) {
    console.log(JSON.stringify(inspection, undefined, everySeconds === undefined ? 2 : undefined));
    return;
  }
  if (everySeconds !== undefined && process.stdout.isTTY) process.stdout.write(CLEAR);
  const { protocol, host, pathname } = new URL(url);
  process.stdout.write(formatInspection(inspection, `${protocol}//${host}${pathname}`));
}

function messageOf(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nTry --help.`;
  const reason = error instanceof Error && error.cause instanceof ConnectError ? error.cause : error;
  return `inspect: ${reason instanceof Error ? reason.message : String(reason)}`;
}
