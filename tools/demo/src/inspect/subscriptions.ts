import { type RedisClient, ReplyError } from '@redlane/client';
import { ClientType, RedisManager, type RedisPubSubClient } from '@redlane/pubsub-manager';

export interface TopicView {
  readonly channel: string;
  readonly subscribers: number;
}

export interface Subscriptions {
  readonly channels: readonly TopicView[];
  /** How many patterns there are: Redis does not tell which. */
  readonly patterns: number;
  /** `null` where the server knows none (before Redis 7). */
  readonly shardChannels: readonly TopicView[] | null;
}

/** Who is subscribed to what. */
export async function subscriptions(client: RedisClient): Promise<Subscriptions> {
  await using manager = new RedisManager();
  const pubsub = await manager.openRedisClient(ClientType.PUB_SUB, client);
  const [channels, patterns, shardChannels] = await Promise.all([
    topics(pubsub, false),
    pubsub.numPat(),
    topics(pubsub, true).catch((error: unknown) => {
      if (error instanceof ReplyError && /unknown subcommand/i.test(error.message)) return null;
      throw error;
    }),
  ]);
  return { channels, patterns, shardChannels };
}

async function topics(pubsub: RedisPubSubClient, sharded: boolean): Promise<TopicView[]> {
  const names = await pubsub.channels('*', { sharded });
  if (names.length === 0) return [];
  const counts = await pubsub.numSub(names.sort(), { sharded });
  return Array.from(counts, ([channel, subscribers]) => ({ channel, subscribers }));
}
