export type {
  BroadcastOptions,
  ChannelDict,
  DispatchOptions,
  MessageStreamOptions,
} from './channel/channel-calls.js';
export { ChannelCounters, type SSEChannelStats } from './channel/channel-counters.js';
export type { SseChannelEvent } from './channel/channel-diagnostics.js';
export type { DeliveryMode, SSEChannelOptions } from './channel/channel-options.js';
export type { PayloadAdapter } from './channel/event-writer.js';
export type { ServerSentEvent } from './channel/server-sent-event.js';
export { SSEChannel } from './channel/sse-channel.js';
export { Connection } from './connection.js';
export type {
  EventFeed,
  FeedItem,
  FeedOpenOptions,
  FeedReader,
  ListenerPolicy,
} from './event-feed.js';
export {
  ChannelClosedException,
  InvalidChannelException,
  InvalidListenerException,
  InvalidMessageFormat,
  NoMessagesException,
  RepositoryError,
  SSEException,
  type SSEExceptionCode,
} from './exceptions.js';
export type { NodeResponse } from './http/node-sink.js';
export type { NodeRequest, SseRequest } from './http/sse-request.js';
export { MessageQueueListener, PersistableListener } from './listener.js';
export { type EventReplay, RedisEventStore, type RedisEventStoreOptions } from './mcp/redis-event-store.js';
export {
  type AnyMessage,
  Message,
  type MessageContract,
  SignedMessage,
  UniqueMessage,
} from './message/message.js';
export { AbstractRedisQueue, type QueueDict } from './queue/abstract-redis-queue.js';
export { BlockingRedisQueue } from './queue/blocking-redis-queue.js';
export { MemoryQueue } from './queue/memory-queue.js';
export type { PersistableQueue, Queue, QueueType, WaitOptions } from './queue/queue.js';
export type { SseQueueEvent } from './queue/queue-diagnostics.js';
export type { QueueOptions } from './queue/queue-options.js';
export { RedisQueue } from './queue/redis-queue.js';
export type { ChannelRepositoryInterface } from './repository/channel-repository.js';
export type { ConnectionRepositoryInterface } from './repository/connection-repository.js';
export type { BadRecord, ConnectionsRepositoryOptions } from './repository/connections-options.js';
export {
  MemoryConnectionsRepository,
  type MemoryRepositoryOptions,
} from './repository/memory-connections-repository.js';
export { MemorySSEChannelRepository } from './repository/memory-sse-channel-repository.js';
export { RedisConnectionsRepository } from './repository/redis-connections-repository.js';
export {
  type ChannelRepositoryOptions,
  type LoadOptions,
  RedisSSEChannelRepository,
} from './repository/redis-sse-channel-repository.js';
export { EventFrame } from './session/event-frame.js';
export type { SseSessionsStats } from './session/session-counters.js';
export type { SseSessionEvent } from './session/session-diagnostics.js';
export type { SessionEnd, SessionEndReason } from './session/session-end.js';
export type { SseSessionsOptions, Verdict } from './session/session-options.js';
export { SseError, type SseErrorCode } from './session/sse-error.js';
export { type DrainOptions, type SessionRequestOptions, SseSessions } from './session/sse-sessions.js';
export type {
  Admission,
  ChannelLog,
  ChannelStore,
  ListenerDirectory,
  ListenerRow,
  LogTail,
  Signal,
  Touch,
  Touched,
} from './store/channel-store.js';
export type { ServerAddress, StoreArguments } from './store/open-store.js';
export type { ChannelLogOptions } from './store/redis-channel-store.js';
