import { channel } from 'node:diagnostics_channel';
import type { ResetReason } from '@redlane/client/stream-log';

/** A message of `redlane:sse-channel`. */
export type SseChannelEvent =
  /** A reader could not continue from its cursor, and was told. */
  | {
      readonly event: 'reset';
      readonly channel: string;
      readonly listener: string | undefined;
      readonly reason: ResetReason;
    }
  /** Another process, or another reader here, serves the listener now. */
  | { readonly event: 'taken-over'; readonly channel: string; readonly listener: string }
  /** A listener, or everybody, gets nothing more. */
  | { readonly event: 'stopped'; readonly channel: string; readonly listener: string | undefined }
  /** An entry of the log was written by something else, and was left out. */
  | {
      readonly event: 'undecodable';
      readonly channel: string;
      readonly position: string;
      readonly error: unknown;
    }
  /** What is done in the background has failed, and is tried again. */
  | { readonly event: 'error'; readonly channel: string; readonly error: unknown };

const channels = channel('redlane:sse-channel');

export function publishChannelEvent(event: SseChannelEvent): void {
  if (channels.hasSubscribers) channels.publish(event);
}
