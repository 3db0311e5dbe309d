import { channel } from 'node:diagnostics_channel';
import type { SessionEnd } from './session-end.js';

/** A message of `redlane:sse-session`: a response has begun, or is over. */
export type SseSessionEvent =
  | { readonly event: 'opened'; readonly channel: string; readonly listener: string | undefined }
  | ({ readonly event: 'ended' } & SessionEnd);

const sessions = channel('redlane:sse-session');

export function publishOpened(channel: string, listener: string | undefined): void {
  if (sessions.hasSubscribers) {
    sessions.publish({ event: 'opened', channel, listener } satisfies SseSessionEvent);
  }
}

export function publishEnded(end: SessionEnd): void {
  if (sessions.hasSubscribers) sessions.publish({ event: 'ended', ...end } satisfies SseSessionEvent);
}
