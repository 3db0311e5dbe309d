export type { ClientEvents, PubSubFailure } from './client-events.js';
export {
  ClientOptions,
  ClientOptionsBuilder,
  type ClientOptionsFields,
  DisconnectedBehavior,
  type ReconnectDelay,
  type SocketOptions,
} from './client-options.js';
export { type ClientOf, ClientType } from './client-type.js';
export { RedisCommandClient } from './command-client.js';
export type { DurableMessage, DurablePublishOptions } from './durable-logs.js';
export type { DurableOptions, DurableSettings } from './durable-options.js';
export { ListenerOverflowError, ManagerClosedError, PubSubError, type PubSubErrorCode } from './errors.js';
export type { PubSubGap } from './gap.js';
export { type ListenerFunction, ScriptPubSubListener } from './listener.js';
export type {
  CountOptions,
  ListenerOptions,
  MessagesInput,
  TopicListenerOptions,
} from './listener-options.js';
export type { ListenerStats } from './listener-stats.js';
export type { Logger } from './logger.js';
export { RedisManager, type RedisManagerOptions } from './manager.js';
export type { MessageInfo } from './message-info.js';
export { MessageIterator, type PubSubMessage } from './message-iterator.js';
export type { Address, NativeSource, OpenRedisClient } from './opening.js';
export { RedisPubSubClient } from './pubsub-client.js';
export type { ListenerKind, QueueOptions, QueuePolicy } from './queue-options.js';
export { RedisURI, RedisURIBuilder, type RedisURIFields } from './redis-uri.js';
export type { ReceiveOptions } from './registration.js';
export { RedisScope } from './scope.js';
export { ScriptRedisClient } from './script-redis-client.js';
export type { TopicInput } from './topics.js';
export { type ChannelInput, type SentTo, type TypedChannel, typedChannel } from './typed-channel.js';
