import type { SseRequest } from '../http/sse-request.js';
import type { SessionSink, SinkOwner } from './session-sink.js';

export type Headers = Readonly<Record<string, string>>;

/** One request and its answer, whatever carries them. Exactly one of `answer` and `begin` is called, once. */
export interface Exchange {
  readonly request: SseRequest;
  /** The client has gone away before the answer has begun. */
  readonly isGone: boolean;
  /** Calls this, and nothing that was given before, when the client goes away before the answer has begun. */
  whenGone(call: (() => void) | undefined): void;
  /** Answers, and that is all. */
  answer(status: number, headers: Headers, body?: Uint8Array): void;
  /** Answers with 200 and a body that stays open. */
  begin(headers: Headers, owner: SinkOwner): SessionSink;
}
