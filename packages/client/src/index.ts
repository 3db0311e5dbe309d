export { type CommandArgument, RespPush, type RespValue } from '@redlane/resp3-core';
export type { CacheableCommand } from './cache/cacheable-commands.js';
export type { CacheMetrics, ClientCacheHandle as ClientCache } from './cache/client-cache.js';
export type { ClientCacheSetup } from './cache/client-cache-setup.js';
export type { TrackingState } from './cache/tracking.js';
export { Caller, type CallOptions } from './caller.js';
export {
  type ClientMetrics,
  type CloseOptions,
  type ExclusiveOptions,
  RedisClient,
  type UpdateOptions,
} from './client.js';
export type { DriverSource } from './client-driver/to-driver.js';
export type {
  ClientOptions,
  CommandEncoder,
  CredentialProvider,
  Credentials,
  LimitSettings,
  ReconnectSettings,
  ReplyReader,
  ReplyReaderClass,
} from './client-options.js';
export type { ClientState, ClientStatus, UntilOptions } from './client-status.js';
export { ClientView } from './client-view.js';
export type { BatchReply } from './command.js';
export { Connection } from './connection.js';
export type { ConnectionOwner } from './connection-owner.js';
export type {
  GapReport,
  PoolEvent,
  Reconnect,
  StateChange,
  Trace,
  TraceAttributes,
  TracedError,
  TracedServer,
} from './diagnostics.js';
export type {
  DriverBatch,
  DriverBatchOptions,
  DriverCallOptions,
  DriverCommands,
  DriverEvents,
  DriverLease,
  DriverLeaseOptions,
  DriverReply,
  DriverScanOptions,
  DriverSubscribeOptions,
  RedisDriver,
} from './driver.js';
export {
  AbortError,
  BufferOverflowError,
  ClientError,
  type ClientErrorCode,
  ClosedError,
  CommandRefusedError,
  ConflictError,
  ConnectError,
  type ConnectErrorCode,
  ConnectionLostError,
  CrossSlotError,
  type Delivery,
  InvalidOptionError,
  type Phase,
  PoolError,
  type PoolErrorCode,
  type PoolFigures,
  QueueFullError,
  type TimeoutDiagnosis,
  TimeoutError,
} from './errors.js';
export { type AcquireOptions, Lease } from './lease.js';
export type { ReceiveOptions } from './low-level.js';
export { isTransient } from './on-driver/transient.js';
export { ConnectionPool } from './pool.js';
export { PoolMisuseError } from './pool-errors.js';
export type { PoolMetrics, WaitPercentiles } from './pool-metrics.js';
export type { AddressPoolOptions, PooledConnection, PoolOptions } from './pool-options.js';
export type { LeakReport, PoolSettings } from './pool-settings.js';
export type { PushCallback, PushCallbackOptions } from './push-callbacks.js';
export { PushStream, type PushStreamOptions } from './push-stream.js';
export type { Refusal } from './refusals.js';
export { ReplyError } from './reply-error.js';
export type { RetryPolicy } from './retry.js';
export { PUSH_COMMANDS, type Route, routeOf } from './routing.js';
export type { Given } from './schema.js';
export { Script } from './script.js';
export type { SentinelAddress } from './sentinel/sentinel-options.js';
export type { AddressMapper, AddressProvider, ServerAddress } from './sentinel/server-address.js';
export type { ServerRole } from './sentinel/server-role.js';
export type { ServerInfo } from './server-info.js';
export { Session } from './session.js';
export { type BufferOptions, MessageStream, type StreamOptions } from './subscriptions/message-stream.js';
export type { TopicInput } from './subscriptions/parse-topic.js';
export type { SubscribeOptions, SubscriptionMetrics } from './subscriptions/subscriptions.js';
export type { Gap, Message, Subscription, Topic, TopicKind } from './topic.js';
export type { Transaction } from './transaction.js';
