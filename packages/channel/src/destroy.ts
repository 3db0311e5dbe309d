import type { RedisDriver } from '@redlane/client';
import type { ListConsumerKeys } from '@redlane/client/list-consumer';

/** Removes a list and all that is kept beside it. `own` has acked something, perhaps, and is not among its consumers. */
export async function destroyList(
  driver: RedisDriver,
  list: string,
  keys: ListConsumerKeys,
  own: string,
): Promise<void> {
  const listed = (await driver.send(['ZRANGE', keys.consumers, 0, -1])) as readonly string[];
  const ids = [...listed, own];
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
