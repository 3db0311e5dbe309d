export type { Call, CommandOptions, ListCall } from './call-arguments.js';
export { type ContextOptions, RedisContext } from './context.js';
export {
  DEFAULTS,
  type RedisClientConfiguration,
  type RedisClientOptions,
  type RedisProtocol,
} from './defaults.js';
export {
  type FailureDetails,
  RedisClientShutdown,
  RedisConnectionDown,
  RedisConnectionRestarted,
  RedisProtocolException,
  RedisReplyException,
  RedisSubscriptionEnded,
} from './errors.js';
export { MatchedEvents } from './matched-events.js';
export { Matcher, type WaitOptions } from './matcher.js';
export {
  type BytesMatcherOptions,
  type ConnectionObject,
  type MatcherOptions,
  RedisClient,
} from './redis-client.js';
export { RedisClientBase, type ShutdownOptions } from './redis-client-base.js';
export {
  type BatchCall,
  type BatchOptions,
  type BatchReplies,
  type CommandCall,
  type RedisCommand,
  RedisCommands,
  type ScriptsCall,
} from './redis-commands.js';
export { type Executed, type Routine, RoutineContainer, type Waited } from './routine-container.js';
export type { RegisteredScript } from './script.js';
export { StateMatcher, type SubscribeStateEvent } from './state-matcher.js';
export { type SubscriptionEvent, SubscriptionMatcher } from './subscription.js';
