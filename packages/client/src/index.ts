export { type CommandArgument, RespPush, type RespValue } from '@redlane/resp3-core';
export { Caller, type CallOptions } from './caller.js';
export {
  type ClientMetrics,
  type CloseOptions,
  type ExclusiveOptions,
  RedisClient,
  type UpdateOptions,
} from './client.js';
export type { ClientState, ClientStatus, UntilOptions } from './client-status.js';
export { Connection, type ConnectionOwner } from './connection.js';
export {
  AbortError,
  ClientError,
  type ClientErrorCode,
  ClosedError,
  CommandRefusedError,
  ConflictError,
  ConnectError,
  ConnectionLostError,
  type Delivery,
  InvalidOptionError,
  type Phase,
  PoolError,
  QueueFullError,
  type TimeoutDiagnosis,
  TimeoutError,
} from './errors.js';
export { type AcquireOptions, Lease } from './lease.js';
export type { ClientOptions } from './options.js';
export { ConnectionPool } from './pool.js';
export { PoolMisuseError } from './pool-errors.js';
export type { PoolMetrics } from './pool-metrics.js';
export type {
  AddressPoolOptions,
  LeakReport,
  PooledConnection,
  PoolOptions,
  PoolSettings,
} from './pool-options.js';
export type { PushCallback, PushCallbackOptions } from './push-callbacks.js';
export { ReplyError } from './reply-error.js';
export type { RetryPolicy } from './retry.js';
export { PUSH_COMMANDS } from './routing.js';
export { Script } from './script.js';
export { Session } from './session.js';
export type { Transaction } from './transaction.js';
