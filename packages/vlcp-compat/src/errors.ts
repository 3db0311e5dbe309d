import type { Delivery, Phase } from '@redlane/client';

/** What is known about a command that failed; what is left out is not known to have been sent. */
export interface FailureDetails extends Partial<Delivery> {
  readonly cause?: unknown;
}

/**
 * There is no connection, or it was lost before the reply came (`CONNECTION_DOWN`). `maybeExecuted` says whether the server
 * may have executed the command all the same, `cause` why there is no connection.
 */
export class RedisConnectionDown extends Error implements Delivery {
  override readonly name: string = 'RedisConnectionDown';
  readonly code: 'CONNECTION_DOWN' | 'CONNECTION_RESTARTED' = 'CONNECTION_DOWN';
  readonly maybeExecuted: boolean;
  readonly phase: Phase;

  constructor(message: string, { maybeExecuted = false, phase = 'connecting', cause }: FailureDetails = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.maybeExecuted = maybeExecuted;
    this.phase = phase;
  }
}

/**
 * The connection of a context with `lockconn` was lost or replaced (`CONNECTION_RESTARTED`): what was watched, selected or
 * begun on it is gone.
 */
export class RedisConnectionRestarted extends RedisConnectionDown {
  override readonly name: string = 'RedisConnectionRestarted';
  override readonly code = 'CONNECTION_RESTARTED';
}

/** The server answered with an error. `code` is its first word, as `subtype` is. */
export class RedisReplyException extends Error implements Delivery {
  override readonly name: string = 'RedisReplyException';
  /** The first word of the server's message: `WRONGTYPE`, `NOSCRIPT`, … */
  readonly subtype: string;
  /** The rest of it. */
  readonly describe: string;
  /** The command's name, without arguments; `undefined` for an error inside of another reply. */
  readonly command: string | undefined;
  readonly maybeExecuted: boolean;
  readonly phase: Phase;

  constructor(message: string, details: FailureDetails & { readonly command?: string | undefined } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const space = message.indexOf(' ');
    this.subtype = space < 0 ? message : message.slice(0, space);
    this.describe = space < 0 ? '' : message.slice(space + 1);
    this.command = details.command;
    this.maybeExecuted = details.maybeExecuted ?? true;
    this.phase = details.phase ?? 'written';
  }

  get code(): string {
    return this.subtype;
  }
}

/**
 * A call that cannot be sent as it is: `INVALID_COMMAND` has no name or no arguments that mean anything, `COMMAND_REFUSED`
 * would affect everybody else on the connection. Nothing was sent.
 */
export class RedisProtocolException extends Error implements Delivery {
  override readonly name: string = 'RedisProtocolException';
  readonly code: 'INVALID_COMMAND' | 'COMMAND_REFUSED';
  readonly maybeExecuted = false;
  readonly phase = 'refused';

  constructor(code: 'INVALID_COMMAND' | 'COMMAND_REFUSED', message: string) {
    super(message);
    this.code = code;
  }
}

/** The client was shut down (`SHUTDOWN`). */
export class RedisClientShutdown extends Error implements Delivery {
  override readonly name: string = 'RedisClientShutdown';
  readonly code = 'SHUTDOWN';
  readonly maybeExecuted: boolean;
  readonly phase: Phase;

  constructor({ maybeExecuted = false, phase = 'queued', cause }: FailureDetails = {}) {
    super(
      maybeExecuted
        ? 'RedisClient was shut down before the reply came; the server may have executed the command'
        : 'RedisClient already shutdown; make a new one',
      cause === undefined ? undefined : { cause },
    );
    this.maybeExecuted = maybeExecuted;
    this.phase = phase;
  }
}

/** Nothing matches any more: the last subscription of the channel or glob has ended (`SUBSCRIPTION_ENDED`). */
export class RedisSubscriptionEnded extends Error {
  override readonly name: string = 'RedisSubscriptionEnded';
  readonly code = 'SUBSCRIPTION_ENDED';

  constructor(name: string) {
    super(
      `the subscription to ${JSON.stringify(name)} has ended, so nothing can match; subscribe to it again`,
    );
  }
}
