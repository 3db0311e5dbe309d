import { startFaultProxy, startServer } from '@redlane/redis-server';
import { expect, it } from 'vitest';
import { lockChaos } from './support/lock-chaos.js';

it('locks hold while connections are cut and the server is killed', async () => {
  await using server = await startServer({ persistence: 'always' });
  await using proxy = await startFaultProxy({ target: server });
  expect(await lockChaos(server, proxy, { seconds: 3, seed: 1 })).toBeGreaterThan(0);
});
