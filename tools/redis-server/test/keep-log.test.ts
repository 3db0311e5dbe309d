import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { startServer } from '../src/index.js';

const logs = new URL('../../../.redlane/logs/', import.meta.url);

it('keeps the log of a server when it is asked to', async () => {
  const server = await startServer({ keepLog: true });
  await server.stop();
  const name = readdirSync(logs).find((each) => each.startsWith(`standalone-${server.port}-${process.pid}-`));
  expect(readFileSync(new URL(name!, logs), 'utf8')).toContain('Ready to accept connections');
  rmSync(new URL(name!, logs));
});
