/** What has happened in all responses so far. */
export class SessionCounters {
  opened = 0;
  /** Events that were written, once for each client. */
  delivered = 0;
  /** Responses that began at a client's cursor. */
  replays = 0;
  /** Clients that were told that they may have missed something. */
  resets = 0;
  /** Responses that ended because the client was too slow, or took nothing. */
  drops = 0;
  /** Requests that were told to come back later. */
  refusals = 0;
  /** Requests that `authorize` has turned down. */
  denials = 0;
}

/** A view of {@link SseSessions} at one moment. */
export interface SseSessionsStats extends Readonly<SessionCounters> {
  /** Open responses. */
  readonly open: number;
  /** Requests whose answer has not begun yet. */
  readonly opening: number;
  /** Bytes that wait for clients. */
  readonly queuedBytes: number;
  /** No new responses begin. */
  readonly draining: boolean;
}
