import { type RedisServer, startServer } from '@redlane/redis-server';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { seamDrivers } from './support/seam-drivers.js';
import { withSeed } from './support/seed.js';
import { StreamLogModel } from './support/stream-log-model.js';
import { checkRace } from './support/stream-log-race.js';

const { REDLANE_SLOW } = process.env;
const SLOW = REDLANE_SLOW === '1';

describe.each(seamDrivers)('StreamLog over $name', ({ open }) => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.stop());

  it('does what plain objects do, and no reader misses anything unawares', async () => {
    await withSeed(async (seed) => {
      for (let round = 0; round < (SLOW ? 200 : 4); round++) {
        await using one = open(server);
        await using writer = open(server);
        await server.command('FLUSHALL');
        await new StreamLogModel(server, one.driver, writer.driver, seed + round).run(120);
      }
    });
  });

  it('loses and repeats nothing when readers open during appends', async () => {
    await using one = open(server);
    await using other = open(server);
    await using writer = open(server);
    await withSeed(async (seed) => {
      for (let round = 0; round < (SLOW ? 1_000 : 20); round++) {
        await checkRace({
          server,
          drivers: [one.driver, other.driver],
          writer: writer.driver,
          seed: seed + round,
        });
      }
    });
  });
});
