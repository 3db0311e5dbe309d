import type { RedisClient } from '@redlane/client';
import type { RedisCommandClient } from './command-client.js';
import type { RedisPubSubClient } from './pubsub-client.js';
import type { ScriptRedisClient } from './script-redis-client.js';

/** What a client is for. {@link ClientOf} says which class each type opens. */
export const ClientType = {
  /** Nothing but the client underneath: {@link ScriptRedisClient}. */
  BASIC: 'BASIC',
  /** Commands: {@link RedisCommandClient}. */
  COMMAND: 'COMMAND',
  /** Listening and publishing: {@link RedisPubSubClient}. */
  PUB_SUB: 'PUB_SUB',
} as const;

export type ClientType = (typeof ClientType)[keyof typeof ClientType];

/** The class that `openRedisClient` gives for a type; `Native` is what `getRedisClient()` returns. */
export type ClientOf<Type extends ClientType, Native = RedisClient> = {
  readonly BASIC: ScriptRedisClient<Native>;
  readonly COMMAND: RedisCommandClient<Native>;
  readonly PUB_SUB: RedisPubSubClient<Native>;
}[Type];
