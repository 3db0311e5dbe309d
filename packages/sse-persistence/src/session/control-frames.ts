import type { FeedItem } from '../event-feed.js';
import type { frame } from '../frame/frame.js';
import { EventFrame } from './event-frame.js';

type Beginning = Extract<FeedItem, { type: 'open' | 'reset' }>;

/** Clients that were taken over are not to fight for their listener. */
const TAKEN_OVER_RETRY_MS = 3_600_000;

/** A comment: keeps proxies from closing the connection, and finds out whether it is still there. */
export const HEARTBEAT: EventFrame = EventFrame.of({ comment: '' });

/** For who was replaced by another response of the same listener: says so to the page, and keeps it away. */
export const TAKEN_OVER: EventFrame = EventFrame.of({
  event: 'taken-over',
  data: '',
  retry: TAKEN_OVER_RETRY_MS,
});

/** The first bytes of a response: without an event yet, but with a cursor to come back with. */
export function openingFrame(first: Beginning, retryMs: number, resetEvent: string): EventFrame {
  const retry = Math.round(retryMs * (1 + Math.random() / 2));
  if (first.type === 'open') return EventFrame.of({ comment: '', id: first.position, retry });
  return EventFrame.of({ ...resetFields(first, resetEvent), retry });
}

export function resetFrame(reset: Extract<FeedItem, { type: 'reset' }>, resetEvent: string): EventFrame {
  return EventFrame.of(resetFields(reset, resetEvent));
}

/** Spread wide, as those who get it have all lost their server at the same moment. */
export function comeBackFrame(retryMs: number): EventFrame {
  return EventFrame.of({ retry: Math.round(retryMs * (0.5 + Math.random())) });
}

function resetFields(
  { position, reason }: { readonly position: string; readonly reason: string },
  event: string,
): Parameters<typeof frame>[0] {
  return { id: position, event, data: JSON.stringify({ reason, position }) };
}
