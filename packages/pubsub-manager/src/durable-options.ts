import type { HistoryOptions } from '@redlane/client/stream-log';

/** What is kept of durable channels. */
export interface DurableOptions {
  /** What is kept of each channel. @default 10_000 messages, at most a day old */
  readonly history?: HistoryOptions | undefined;
  /** What the names of the keys begin with: `<prefix>:{<channel>}:log`, … @default 'pubsub' */
  readonly prefix?: string | undefined;
  /** How long an idempotency key holds, in ms. @default 300_000 */
  readonly idempotencyTtlMs?: number | undefined;
}

/** The same for all channels, or for each one of its own. */
export type DurableSettings = DurableOptions | ((channel: string) => DurableOptions);

export const HISTORY = 10_000;

/** In a cluster all keys of a channel are in one slot; its braces must not decide over which. */
export function keysOf(prefix: string, channel: string): string {
  const tag = channel.replace(/[%{}]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  return `${prefix}:{${tag}}`;
}
