export type SSEExceptionCode =
  | 'INVALID_CHANNEL'
  | 'INVALID_LISTENER'
  | 'NO_MESSAGES'
  | 'INVALID_MESSAGE_FORMAT'
  | 'REPOSITORY_ERROR'
  | 'CLOSED';

/** What channels, queues and repositories reject with. Match it by `code`. */
export abstract class SSEException extends Error {
  override readonly name: string = 'SSEException';
  readonly code: SSEExceptionCode;

  constructor(code: SSEExceptionCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** A channel cannot do this, or its stored form is none (`INVALID_CHANNEL`). */
export class InvalidChannelException extends SSEException {
  override readonly name: string = 'InvalidChannelException';
  declare readonly code: 'INVALID_CHANNEL';

  constructor(message: string, cause?: unknown) {
    super('INVALID_CHANNEL', message, cause);
  }
}

/** Nobody has registered the listener, or it was removed (`INVALID_LISTENER`). */
export class InvalidListenerException extends SSEException {
  override readonly name: string = 'InvalidListenerException';
  declare readonly code: 'INVALID_LISTENER';

  constructor(message: string, cause?: unknown) {
    super('INVALID_LISTENER', message, cause);
  }
}

/** There is nothing to deliver now (`NO_MESSAGES`). */
export class NoMessagesException extends SSEException {
  override readonly name: string = 'NoMessagesException';
  declare readonly code: 'NO_MESSAGES';

  constructor(message: string) {
    super('NO_MESSAGES', message);
  }
}

/** A message cannot be written, or what was stored is none (`INVALID_MESSAGE_FORMAT`). */
export class InvalidMessageFormat extends SSEException {
  override readonly name: string = 'InvalidMessageFormat';
  declare readonly code: 'INVALID_MESSAGE_FORMAT';
  /** What was stored; `undefined` when the message was to be written. */
  readonly raw: Uint8Array | undefined;

  constructor(message: string, cause?: unknown, raw?: Uint8Array) {
    super('INVALID_MESSAGE_FORMAT', message, cause);
    this.raw = raw;
  }
}

/** Redis could not be asked, or has refused (`REPOSITORY_ERROR`). `cause` is what it, or the connection, has said. */
export class RepositoryError extends SSEException {
  override readonly name: string = 'RepositoryError';
  declare readonly code: 'REPOSITORY_ERROR';
  /** `false` is a proof that nothing was changed. */
  readonly maybeExecuted: boolean;

  constructor(what: string, cause: unknown) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    super('REPOSITORY_ERROR', `${what} failed${why}`, cause);
    this.maybeExecuted = (cause as { maybeExecuted?: unknown } | undefined)?.maybeExecuted !== false;
  }
}

/** The channel has been closed in this process (`CLOSED`). */
export class ChannelClosedException extends SSEException {
  override readonly name: string = 'ChannelClosedException';
  declare readonly code: 'CLOSED';

  constructor(channelId: string) {
    super('CLOSED', `channel ${channelId} is closed; make a new one`);
  }
}
