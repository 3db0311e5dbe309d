import { startSentinel } from '@redlane/redis-server';
import { it } from 'vitest';
import { checkFailover } from './support/failover-load.js';

it('a client under load ends on the new master when the old one is killed', async () => {
  await using group = await startSentinel();
  await checkFailover(group, () => group.failover());
});
