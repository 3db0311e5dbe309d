import type { RedisClient } from '@redlane/client';
import { toDriver } from '@redlane/client/driver';
import { type ChannelEnd, type ChannelLimits, channelEnds } from './channel-ends.js';
import { type SseChannelView, sseChannels } from './sse-channels.js';
import { type Subscriptions, subscriptions } from './subscriptions.js';

/** What redlane's packages have in Redis at one moment, read one after the other while work goes on. */
export interface Inspection {
  /** ISO 8601. */
  readonly at: string;
  readonly channels: readonly ChannelEnd[];
  readonly sse: readonly SseChannelView[];
  readonly subscriptions: Subscriptions;
}

/** Looks at everything, and changes nothing. */
export async function inspect(client: RedisClient, limits: ChannelLimits): Promise<Inspection> {
  const driver = toDriver(client);
  try {
    return {
      at: new Date().toISOString(),
      channels: await channelEnds(driver, limits),
      sse: await sseChannels(driver),
      subscriptions: await subscriptions(client),
    };
  } finally {
    await driver.close();
  }
}
