import type { Scenario } from '../scenario.js';
import { cache } from './cache.js';
import { channelPlain } from './channel-plain.js';
import { channelReliable } from './channel-reliable.js';
import { channelRequests } from './channel-requests.js';
import { client } from './client.js';
import { pubsubManager } from './pubsub-manager.js';
import { ssePersistence } from './sse-persistence.js';
import { subscriptions } from './subscriptions.js';
import { vlcpCompat } from './vlcp-compat.js';

/** All that run at the same time. */
export const scenarios: readonly Scenario[] = [
  client,
  subscriptions,
  cache,
  channelPlain,
  channelReliable,
  channelRequests,
  pubsubManager,
  ssePersistence,
  vlcpCompat,
];
