import { ConnectionLostError, type RedisDriver } from '@redlane/client';
import { expect, it } from 'vitest';
import { newCounters } from './counters.js';
import { Inbox } from './inbox.js';

it('has forgotten a failure once the server says that there is nothing', async () => {
  let pops = 0;
  const send = async (): Promise<null> => {
    if (++pops === 1) throw new ConnectionLostError({ maybeExecuted: false, phase: 'queued' });
    // The wait is over before its answer is here.
    await new Promise((resolve) => setTimeout(resolve, 100));
    return null;
  };
  const driver = { send } as unknown as RedisDriver;
  const inbox = new Inbox({ driver, channel: '/foo', list: '/foo/client', replies: 'string' }, newCounters());
  expect(await inbox.take({ max: 1, waitMs: 50, signal: undefined })).toEqual([]);
  expect(pops).toBe(2);
});
