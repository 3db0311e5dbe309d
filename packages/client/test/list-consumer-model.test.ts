import { startServer } from '@redlane/redis-server';
import { describe, it } from 'vitest';
import { ListConsumerModel } from './support/list-consumer-model.js';
import { seamDrivers } from './support/seam-drivers.js';
import { withSeed } from './support/seed.js';

const { REDLANE_SLOW } = process.env;

describe.each(seamDrivers)('ListConsumer over $name', ({ open }) => {
  it('does what plain arrays do, deaths and lost replies included', async () => {
    await using server = await startServer();
    await using opened = open(server);
    await withSeed(async (seed) => {
      for (let round = 0; round < (REDLANE_SLOW === '1' ? 300 : 8); round++) {
        await server.command('FLUSHALL');
        await new ListConsumerModel(server, opened.driver, seed + round).run(150);
      }
    });
  });
});
