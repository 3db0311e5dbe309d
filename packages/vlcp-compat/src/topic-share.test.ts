import type { RedisClient, Subscription } from '@redlane/client';
import { expect, it } from 'vitest';
import { RedisClientShutdown } from './errors.js';
import { TopicShare } from './topic-share.js';

/** A client whose server confirms when it is told to. */
function slowClient(): { client: RedisClient; confirm: () => void; open: () => number } {
  let confirm = (): void => undefined;
  let open = 0;
  const subscribe = async (): Promise<Subscription> => {
    await new Promise<void>((resolve) => {
      confirm = resolve;
    });
    open++;
    const unsubscribe = async (): Promise<void> => {
      open--;
    };
    return { topic: { channel: 'a' }, unsubscribe, [Symbol.asyncDispose]: unsubscribe };
  };
  // Nothing else of it is used here.
  return { client: { subscribe } as unknown as RedisClient, confirm: () => confirm(), open: () => open };
}

it('counts when the server has confirmed, and not before', async () => {
  const { client, confirm, open } = slowClient();
  const share = new TopicShare(client, 'channel', 'a', () => undefined);
  const added = share.add(0, undefined);
  expect([share.count, share.unused]).toEqual([0, false]);
  confirm();
  await added;
  expect([share.count, open()]).toEqual([1, 1]);
});

it('a matcher of what was unsubscribed meanwhile matches nothing', async () => {
  const { client, confirm, open } = slowClient();
  const share = new TopicShare(client, 'channel', 'a', () => undefined);
  const added = share.add(0, undefined);
  confirm();
  await added;
  await share.drop();
  const matcher = share.matcher('string');
  // Disposing it takes nothing from those who come later.
  await matcher[Symbol.asyncDispose]();
  expect([share.count, open(), share.unused]).toEqual([0, 0, true]);
});

it.each(['add', 'hold'] as const)('what is confirmed after the end (%s) is given back', async (how) => {
  const { client, confirm, open } = slowClient();
  const share = new TopicShare(client, 'channel', 'a', () => undefined);
  const pending = share[how](0, undefined);
  const failed = expect(pending).rejects.toMatchObject({ code: 'SHUTDOWN' });
  await share.close(new RedisClientShutdown());
  confirm();
  await failed;
  expect([share.count, open(), share.held]).toEqual([0, 0, false]);
});
