export type { ChannelName, Peer } from './address.js';
export { type MessagesOptions, RedisChannel } from './channel.js';
export type { ChannelCounters } from './counters.js';
export type { Delivery, Received } from './delivery.js';
export {
  ChannelClosedError,
  ChannelError,
  type ChannelErrorCode,
  ChannelFullError,
  ConnectionError,
  HandlerError,
  type HandlerFailure,
  PartlySentError,
  RequestTimeoutError,
} from './errors.js';
export { type Address, getClient, type SharedClient } from './get-client.js';
export type { ChannelOptions, Overflow } from './options.js';
export type { RequestOptions } from './requester.js';
export type { SendOptions } from './sender.js';
export type { Handler, HandlerContext, ServeOptions, Serving } from './serving.js';
export type { ChannelStats } from './stats.js';
export type { WaitOptions } from './wait-options.js';
export { type WaitServeOptions, waitServe } from './wait-serve.js';
