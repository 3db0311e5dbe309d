import { channel } from 'node:diagnostics_channel';

/** A message of `redlane:sse-queue`. */
export type SseQueueEvent =
  /** A queue was full: so many of its oldest messages are gone. */
  | { readonly event: 'dropped'; readonly listener: string; readonly count: number }
  /** An element was no message, and is among the dead letters. */
  | { readonly event: 'dead-letter'; readonly listener: string };

const queues = channel('redlane:sse-queue');

export function publishDropped(listener: string, count: number): void {
  if (queues.hasSubscribers) queues.publish({ event: 'dropped', listener, count } satisfies SseQueueEvent);
}

export function publishDeadLetter(listener: string): void {
  if (queues.hasSubscribers) queues.publish({ event: 'dead-letter', listener } satisfies SseQueueEvent);
}
