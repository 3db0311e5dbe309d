import { startServer } from '@redlane/redis-server';
import { describe, it } from 'vitest';
import { CliProcess } from './cli-process.js';

const PATIENCE_MS = 180_000;

/** Each is a desk of six processes with faults: some seconds where nothing else runs. */
describe.concurrent('--check', { timeout: PATIENCE_MS }, () => {
  it.for(['redlane', 'ioredis'])('passes with every fault over %s', async (driver, { expect }) => {
    await using cli = new CliProcess(['--check', '--orders', '60', '--driver', driver]);
    const status = await cli.ended;
    expect(cli.output).toContain('60 placed over HTTP');
    expect(cli.output).toContain('60 finished, 0 lost, 0 duplicated');
    for (const kind of ['kill-worker', 'kill-node', 'go-offline', 'cut-connections', 'restart-redis']) {
      expect(cli.output).toMatch(new RegExp(`${kind} +\\d+ orders in flight; `));
    }
    expect(cli.output).toMatch(/ok: nothing was lost, nothing was duplicated\s*$/);
    expect(status).toBe(0);
  });

  it('fails when an order is lost, and leaves nothing on the server of REDIS_URL', async ({ expect }) => {
    await using server = await startServer();
    await server.command('SET', 'of somebody else', 'kept');
    const env = { REDIS_URL: server.url, REDLANE_DEMO_LOSE: '1' };
    await using cli = new CliProcess(['--check', '--orders', '40'], env);
    const status = await cli.ended;
    expect(cli.output).toMatch(/FAILED: orders lost \(placed, never finished\): \d+/);
    expect(cli.output).toMatch(/restart-redis +skipped: .* may have other users/);
    expect(status).toBe(1);
    expect(await server.command('KEYS', '*')).toEqual(['of somebody else']);
  });
});
