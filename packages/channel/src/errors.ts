export type ChannelErrorCode =
  | 'CLOSED'
  | 'CHANNEL_FULL'
  | 'PARTLY_SENT'
  | 'REQUEST_TIMEOUT'
  | 'HANDLER_FAILED'
  | 'NOT_SERVING';

/**
 * What only a channel can tell. Match it by `code`. What Redis or the connection has to say comes through as it is:
 * `ReplyError` and the errors of `@redlane/client`, with the server's code or their own.
 */
export abstract class ChannelError extends Error {
  override readonly name: string = 'ChannelError';
  readonly code: ChannelErrorCode;

  constructor(code: ChannelErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The channel has been closed (`CLOSED`). */
export class ChannelClosedError extends ChannelError {
  override readonly name: string = 'ChannelClosedError';
  declare readonly code: 'CLOSED';

  constructor(channel: string) {
    super('CLOSED', `the channel ${channel} is closed; make a new one`);
  }
}

/** The list holds `maxLength` messages and the policy is `reject` (`CHANNEL_FULL`). Nothing was sent. */
export class ChannelFullError extends ChannelError {
  override readonly name: string = 'ChannelFullError';
  declare readonly code: 'CHANNEL_FULL';
  readonly maxLength: number;

  constructor(list: string, maxLength: number) {
    super(
      'CHANNEL_FULL',
      `${list} has no room for it with ${maxLength} messages at most: send less, raise maxLength, or set overflow to ` +
        "'dropOldest' or 'wait'",
    );
    this.maxLength = maxLength;
  }
}

/**
 * Some messages of a `sendMsgs` were sent, and then no more (`PARTLY_SENT`). Who sends again begins after the first `sent` of
 * them. `cause` is what stopped it: its `maybeExecuted`, where it is true, says that some of the next may be there as well.
 */
export class PartlySentError extends ChannelError {
  override readonly name: string = 'PartlySentError';
  declare readonly code: 'PARTLY_SENT';
  /** So many, from the first on, are in the list, or were. */
  readonly sent: number;
  /** To send all again would send some twice. */
  readonly maybeExecuted: boolean = true;

  constructor(sent: number, count: number, cause: unknown) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super('PARTLY_SENT', `${sent} of ${count} messages were sent, and then no more: ${why}`, cause);
    this.sent = sent;
  }
}

/** No reply came in time (`REQUEST_TIMEOUT`). The request may have been handled all the same. */
export class RequestTimeoutError extends ChannelError {
  override readonly name: string = 'RequestTimeoutError';
  declare readonly code: 'REQUEST_TIMEOUT';
  readonly timeoutMs: number;

  constructor(channel: string, timeoutMs: number) {
    super(
      'REQUEST_TIMEOUT',
      `no reply on ${channel} within ${timeoutMs} ms: is somebody serving it? The request may have been handled`,
    );
    this.timeoutMs = timeoutMs;
  }
}

/** What a handler has thrown, as far as it is told to the other side. */
export interface HandlerFailure {
  readonly name: string;
  readonly message: string;
  /** The error's own `code`, when it is a string. */
  readonly code?: string | undefined;
}

/** The handler on the other side has failed (`HANDLER_FAILED`). */
export class HandlerError extends ChannelError {
  override readonly name: string = 'HandlerError';
  declare readonly code: 'HANDLER_FAILED';
  /** Name, message and code of the error over there. */
  readonly remote: HandlerFailure;

  constructor(remote: HandlerFailure) {
    super('HANDLER_FAILED', `the handler has failed: ${remote.name}: ${remote.message}`);
    this.remote = remote;
  }
}

/** No server answered in time (`NOT_SERVING`). `cause` is what the last attempt has met. */
export class ConnectionError extends ChannelError {
  override readonly name: string = 'ConnectionError';
  declare readonly code: 'NOT_SERVING';

  /** `where` without credentials. */
  constructor(where: string, problem: string, cause: unknown) {
    super('NOT_SERVING', `Redis is not serving at ${where}: ${problem}`, cause);
  }
}
