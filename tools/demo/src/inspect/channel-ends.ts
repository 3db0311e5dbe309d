import { RedisChannel } from '@redlane/channel';
import type { RedisDriver } from '@redlane/client';
import type { ConsumerStats } from '@redlane/client/list-consumer';
import { type PendingMessage, pendingMessages } from './pending-messages.js';

/** A reliable receiver, and what it works on. */
export interface ConsumerView extends ConsumerStats {
  /** The first ones, in the order in which they were taken. */
  readonly pending: readonly PendingMessage[];
}

/** What is on its way to one end of a channel. */
export interface ChannelEnd {
  readonly channel: string;
  /** The end that receives it. */
  readonly to: 'client' | 'server';
  readonly waiting: number;
  /** Came back, and is delivered first. */
  readonly returned: number;
  readonly inProcess: number;
  readonly deadLetters: number;
  /** Age of the oldest message that waits; `null` when there is none, or it has no envelope. */
  readonly oldestAgeMs: number | null;
  readonly consumers: readonly ConsumerView[];
}

export interface ChannelLimits {
  /** Channels below it, as `/orders/`. */
  readonly prefix: string;
  /** How many pending messages of each consumer are looked at. */
  readonly messages: number;
}

/** Ends that are looked at together. */
const AT_ONCE = 50;
const BESIDE = /^(.*)\/(?:client|server):(?:consumers|dead|retry)$/s;

/** The ends of channels that hold something, or have a receiver, by their names. */
export async function channelEnds(driver: RedisDriver, limits: ChannelLimits): Promise<ChannelEnd[]> {
  const names = await channelNames(driver, limits.prefix);
  const ends: ChannelEnd[] = [];
  for (let from = 0; from < names.length; from += AT_ONCE) {
    const some = names
      .slice(from, from + AT_ONCE)
      .flatMap((name) => [lookAt(driver, name, 'server', limits), lookAt(driver, name, 'client', limits)]);
    ends.push(...(await Promise.all(some)).filter(isOfInterest));
  }
  return ends;
}

/** `listChannel` knows those with a message in a list; a channel whose messages are all in process has none there. */
async function channelNames(driver: RedisDriver, prefix: string): Promise<string[]> {
  await using any = new RedisChannel(driver, '/any', 'client');
  const names = new Set(await any.listChannel(prefix));
  const beside = [
    { suffix: ':consumers', type: 'zset' },
    { suffix: ':retry', type: 'zset' },
    { suffix: ':dead', type: 'list' },
  ];
  for (const { suffix, type } of beside) {
    for await (const key of driver.scan({ match: `${globOf(prefix)}*${suffix}`, type })) {
      const name = BESIDE.exec(key)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  return [...names].sort();
}

async function lookAt(
  driver: RedisDriver,
  name: string,
  to: 'client' | 'server',
  { messages }: ChannelLimits,
): Promise<ChannelEnd> {
  await using end = new RedisChannel(driver, name, to, { envelope: true, unsafeName: true });
  const stats = await end.stats();
  const consumers = await Promise.all(
    stats.consumers.map(async (consumer) => ({
      ...consumer,
      pending: await pendingMessages(driver, { list: end.recvListName, id: consumer.id, count: messages }),
    })),
  );
  const { receiving, returned, inProcess, deadLetters, oldestAgeMs } = stats;
  return {
    channel: name,
    to,
    waiting: receiving,
    returned,
    inProcess,
    deadLetters,
    oldestAgeMs: oldestAgeMs ?? null,
    consumers,
  };
}

function isOfInterest({ waiting, returned, deadLetters, consumers }: ChannelEnd): boolean {
  return waiting > 0 || returned > 0 || deadLetters > 0 || consumers.length > 0;
}

function globOf(text: string): string {
  return text.replace(/[\\*?[\]]/g, '\\$&');
}
