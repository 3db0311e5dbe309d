/** What went wrong, for code to match on; the message says it for people. */
export type RedisServerErrorCode =
  /** No redis-server or valkey-server was found. */
  | 'SERVER_NOT_FOUND'
  /** `REDIS_SERVER` or `executable` names something that does not answer `--version` like a server. */
  | 'SERVER_UNUSABLE'
  /** The only server found is older than 6.2. */
  | 'SERVER_TOO_OLD'
  /** The package manager was asked and failed. */
  | 'INSTALL_FAILED'
  /** An option cannot be used as it is. */
  | 'INVALID_OPTION'
  /** No port of the range was free, however often it was tried. */
  | 'NO_FREE_PORT'
  /** The port was free a moment ago, or was asked for by number, and is in use. */
  | 'PORT_TAKEN'
  /** The server ended while it started; the message has its last words. */
  | 'START_FAILED'
  /** Something did not reach the awaited state in time. */
  | 'NOT_READY'
  /** A running process is needed and there is none. */
  | 'NOT_RUNNING'
  /** The connection ended before the reply came. */
  | 'CONNECTION_LOST'
  /** What a test waited for at the fault proxy did not come in time. */
  | 'WAIT_TIMEOUT'
  /** The fault proxy was closed while a test waited for something. */
  | 'PROXY_CLOSED';

/** Every failure of this tool, with a stable {@link RedisServerError.code}. */
export class RedisServerError extends Error {
  override readonly name = 'RedisServerError';
  readonly code: RedisServerErrorCode;

  constructor(code: RedisServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
