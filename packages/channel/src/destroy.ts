import type { RedisDriver } from '@redlane/client';
import type { ListConsumerKeys } from '@redlane/client/list-consumer';

/** Removes a list and all that is kept beside it. */
export async function destroyList(driver: RedisDriver, list: string, keys: ListConsumerKeys): Promise<void> {
  const ids = (await driver.send(['ZRANGE', keys.consumers, 0, -1])) as readonly string[];
  await driver.send([
    'UNLINK',
    list,
    keys.consumers,
    keys.state,
    keys.retry,
    keys.dead,
    ...ids.flatMap((id) => [keys.staging(id), keys.work(id), keys.acked(id)]),
  ]);
}
