import type { PubSubGap } from './gap.js';
import type { ScriptPubSubListener } from './listener.js';
import type { ScriptRedisClient } from './script-redis-client.js';

type Client = ScriptRedisClient<unknown>;

/** Something that went wrong beside the caller: a listener, a message, a subscription or a close that nobody waits for. */
export interface PubSubFailure {
  readonly client: Client;
  readonly error: unknown;
  /** Whose doing it was, if it was a listener's. */
  readonly listener?: ScriptPubSubListener<never> | undefined;
  readonly channel?: string | undefined;
}

/** What happens to a client, and what a listener of that event gets. A manager has the same events, of all its clients. */
export interface ClientEvents {
  /** Commands can be sent: at the start, and again after each `disconnect`. */
  connect: { readonly client: Client };
  /** The connection was lost. Attempts to get another one go on, unless `autoReconnect` is off. */
  disconnect: { readonly client: Client; readonly cause: Error };
  /** An attempt begins. */
  reconnecting: { readonly client: Client; readonly attempt: number };
  /** An attempt has failed; with `final` there will be no other one. */
  reconnectFailed: { readonly client: Client; readonly cause: Error; readonly final: boolean };
  /** Messages of a topic may have been missed. */
  gap: PubSubGap & { readonly client: Client };
  error: PubSubFailure;
}
