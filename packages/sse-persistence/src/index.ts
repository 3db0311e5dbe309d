export type {
  EventFeed,
  FeedItem,
  FeedOpenOptions,
  FeedReader,
  ListenerPolicy,
} from './event-feed.js';
export type { NodeResponse } from './http/node-sink.js';
export type { NodeRequest, SseRequest } from './http/sse-request.js';
export { type EventReplay, RedisEventStore, type RedisEventStoreOptions } from './mcp/redis-event-store.js';
export { EventFrame } from './session/event-frame.js';
export type { SseSessionsStats } from './session/session-counters.js';
export type { SseSessionEvent } from './session/session-diagnostics.js';
export type { SessionEnd, SessionEndReason } from './session/session-end.js';
export type { SseSessionsOptions, Verdict } from './session/session-options.js';
export { SseError, type SseErrorCode } from './session/sse-error.js';
export { type DrainOptions, type SessionRequestOptions, SseSessions } from './session/sse-sessions.js';
