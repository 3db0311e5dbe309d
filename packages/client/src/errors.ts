import { addressOf, type Endpoint } from './address.js';

export { ReplyError } from './reply-error.js';

/** How far a command had come when it ended. */
export type Phase =
  /** Not a byte of it was handed to a socket. */
  | 'queued'
  /** Handed to a socket, at least in part. */
  | 'written'
  /** The server, or the client itself, turned it down before executing it. */
  | 'refused'
  /** There was no connection yet. */
  | 'connecting';

export type ConnectErrorCode = 'CONNECT_FAILED' | 'CONNECT_TIMEOUT' | 'HANDSHAKE_FAILED' | 'AUTH_FAILED';
export type PoolErrorCode = 'POOL_TIMEOUT' | 'POOL_CLOSED';
export type ClientErrorCode =
  | 'CONNECTION_LOST'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'QUEUE_FULL'
  | 'BUFFER_OVERFLOW'
  | 'CLOSED'
  | 'COMMAND_REFUSED'
  | 'CROSSSLOT'
  | 'CONFLICT'
  | ConnectErrorCode
  | PoolErrorCode;

/** What is known about a command that got no reply. */
export interface Delivery {
  /** `false` is a proof that the server did not execute it; `true` says that nobody knows. */
  readonly maybeExecuted: boolean;
  readonly phase: Phase;
}

interface Cause {
  readonly cause?: unknown;
}

const NOT_SENT: Delivery = { maybeExecuted: false, phase: 'queued' };
const NOT_CONNECTED: Delivery = { maybeExecuted: false, phase: 'connecting' };
const TURNED_DOWN: Delivery = { maybeExecuted: false, phase: 'refused' };

/**
 * Everything that ends a command without a reply, or keeps a connection from coming up. Match it by `code`: `instanceof`
 * fails when an application holds two copies of this package. No message contains arguments or secrets.
 */
export abstract class ClientError extends Error implements Delivery {
  override readonly name: string = 'ClientError';
  readonly code: ClientErrorCode;
  readonly maybeExecuted: boolean;
  readonly phase: Phase;

  constructor(code: ClientErrorCode, message: string, { maybeExecuted, phase }: Delivery, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.maybeExecuted = maybeExecuted;
    this.phase = phase;
  }
}

/** The connection ended before the reply came (`CONNECTION_LOST`). `cause` says why it ended. */
export class ConnectionLostError extends ClientError {
  override readonly name: string = 'ConnectionLostError';
  declare readonly code: 'CONNECTION_LOST';

  constructor(details: Delivery & Cause & { readonly command?: string }) {
    const { command = 'a command', cause } = details;
    const why = cause instanceof Error && cause.message !== '' ? `: ${cause.message}` : '';
    super(
      'CONNECTION_LOST',
      `the connection was lost while ${command} was ${during(details.phase)}${why}; ${verdict(details)}`,
      details,
      cause,
    );
  }
}

/** What the client knew when a deadline passed. */
export interface TimeoutDiagnosis {
  /** The client's or connection's state. */
  readonly state: string;
  /** Commands that waited to be written. */
  readonly queued: number;
  /** Commands that waited for their reply. */
  readonly inFlight: number;
  /** Since the last byte from the server; `undefined` when none has come. */
  readonly lastReadMsAgo: number | undefined;
  /** What 99 % of the replies needed at most; `undefined` when there were none. */
  readonly p99Ms: number | undefined;
  /** Why there was no connection. */
  readonly cause?: Error | undefined;
}

/**
 * A deadline passed (`TIMEOUT`). The message tells a silent server from a busy client. `cause` is why there was no connection,
 * if there was none.
 */
export class TimeoutError extends ClientError {
  override readonly name: string = 'TimeoutError';
  declare readonly code: 'TIMEOUT';
  readonly timeoutMs: number;
  /** `undefined` when no command was waited for. */
  readonly diagnosis: TimeoutDiagnosis | undefined;

  /** `what` is what was waited for: a command's name, or a few words. */
  constructor(
    what: string,
    details: Delivery & Cause & { readonly timeoutMs: number; readonly diagnosis?: TimeoutDiagnosis },
  ) {
    const { timeoutMs, diagnosis, cause = diagnosis?.cause } = details;
    const facts = diagnosis === undefined ? '' : ` (${explain(diagnosis)}); ${verdict(details)}`;
    const why = cause instanceof Error ? `. No connection: ${cause.message}` : '';
    super(
      'TIMEOUT',
      `${what} took longer than ${timeoutMs} ms while ${during(details.phase)}${facts}${why}`,
      details,
      cause,
    );
    this.timeoutMs = timeoutMs;
    this.diagnosis = diagnosis;
  }
}

/** The caller's signal was aborted (`ABORTED`). `cause` is the signal's reason. */
export class AbortError extends ClientError {
  override readonly name: string = 'AbortError';
  declare readonly code: 'ABORTED';

  /** `what` is what was waited for: a command's name, or a few words. */
  constructor(what: string, details: Delivery & Cause) {
    super(
      'ABORTED',
      `${what} was aborted while ${during(details.phase)}; ${verdict(details)}`,
      details,
      details.cause,
    );
  }
}

/** A limit of waiting and unanswered commands is reached (`QUEUE_FULL`). The command was not sent. */
export class QueueFullError extends ClientError {
  override readonly name: string = 'QueueFullError';
  declare readonly code: 'QUEUE_FULL';
  /** Which of the limits. */
  readonly limit: 'commands' | 'bytes';
  /** Its size. */
  readonly size: number;

  constructor(
    limit: 'commands' | 'bytes',
    size: number,
    advice: string = `raise limits.${limit}, or set limits.policy to 'wait'`,
  ) {
    super(
      'QUEUE_FULL',
      `the limit of ${size} ${limit} that wait or have no reply yet is reached: send less at a time, ${advice}`,
      NOT_SENT,
    );
    this.limit = limit;
    this.size = size;
  }
}

/** The reader of a stream of messages did not keep up (`BUFFER_OVERFLOW`). The stream has ended. */
export class BufferOverflowError extends ClientError {
  override readonly name: string = 'BufferOverflowError';
  declare readonly code: 'BUFFER_OVERFLOW';
  /** What the buffer holds. */
  readonly limit: number;

  constructor(limit: number) {
    super(
      'BUFFER_OVERFLOW',
      `more than ${limit} messages waited for the reader, and the stream has ended: read faster, raise buffer.limit, ` +
        'or set another buffer.policy',
      NOT_SENT,
    );
    this.limit = limit;
  }
}

/** The client or connection has been closed (`CLOSED`). */
export class ClosedError extends ClientError {
  override readonly name: string = 'ClosedError';
  declare readonly code: 'CLOSED';

  /** `what` was closed; `details` are those of a command that it took along. @default a command that was not sent */
  constructor(
    what: 'client' | 'connection' | 'pool' | 'consumer' | 'log' = 'client',
    details: Delivery & Cause = NOT_SENT,
  ) {
    const after = details.maybeExecuted ? `; ${verdict(details)}` : '';
    super('CLOSED', `the ${what} is closed; open a new one${after}`, details, details.cause);
  }
}

/** A command that would break the connection it was meant for, or the others on it (`COMMAND_REFUSED`). It was not sent. */
export class CommandRefusedError extends ClientError {
  override readonly name: string = 'CommandRefusedError';
  declare readonly code: 'COMMAND_REFUSED';
  /** The command's name, without arguments. */
  readonly command: string;

  constructor(command: string, { reason, instead }: { readonly reason: string; readonly instead: string }) {
    super('COMMAND_REFUSED', `${command} was not sent: ${reason}; ${instead}`, TURNED_DOWN);
    this.command = command;
  }
}

/** The keys of a command are in different slots of a cluster (`CROSSSLOT`, as the server has it). It was not sent. */
export class CrossSlotError extends ClientError {
  override readonly name: string = 'CrossSlotError';
  declare readonly code: 'CROSSSLOT';
  /** The command's name, without arguments. */
  readonly command: string;

  constructor(command: string) {
    super(
      'CROSSSLOT',
      `${command} was not sent: its keys are in different slots of the cluster; give them the same hash tag, as in ` +
        '{user:1}:name and {user:1}:mail, or send a command for each',
      TURNED_DOWN,
    );
    this.command = command;
  }
}

/** Watched keys were changed by others at every attempt (`CONFLICT`). Nothing was executed. */
export class ConflictError extends ClientError {
  override readonly name: string = 'ConflictError';
  declare readonly code: 'CONFLICT';

  constructor(attempts: number) {
    super(
      'CONFLICT',
      `the watched keys were changed by others ${attempts} times: try again later`,
      TURNED_DOWN,
    );
  }
}

/** A connection did not come up: `CONNECT_FAILED`, `CONNECT_TIMEOUT`, `HANDSHAKE_FAILED` or `AUTH_FAILED`. */
export class ConnectError extends ClientError {
  override readonly name: string = 'ConnectError';
  declare readonly code: ConnectErrorCode;
  /** Host and port, or path; never credentials. */
  readonly address: string;
  /** Trying again later may help without a change of the options. */
  readonly retryable: boolean;

  constructor(
    code: ConnectErrorCode,
    details: Cause & { readonly address: string; readonly problem: string; readonly retryable: boolean },
  ) {
    super(code, `cannot connect to ${details.address}: ${details.problem}`, NOT_CONNECTED, details.cause);
    this.address = details.address;
    this.retryable = details.retryable;
  }

  /** A signal has ended the attempt; `CONNECT_TIMEOUT` when its reason is a `TimeoutError`. */
  static abandoned(endpoint: Endpoint, reason: unknown): ConnectError {
    const late = reason instanceof Error && reason.name === 'TimeoutError';
    return new ConnectError(late ? 'CONNECT_TIMEOUT' : 'CONNECT_FAILED', {
      address: addressOf(endpoint),
      problem: late ? 'no connection within the time allowed' : 'the attempt was given up',
      retryable: true,
      cause: reason,
    });
  }
}

/** A pool's figures at the moment of a failure. */
export interface PoolFigures {
  /** Connections at most. */
  readonly size: number;
  readonly inUse: number;
  readonly connecting: number;
  /** Callers that wait for a connection, this one included. */
  readonly waiting: number;
  /** How long the longest holder has had its connection; `undefined` when there is no holder. */
  readonly longestHeldMs: number | undefined;
  /** Where that holder took it, when leaks are reported. */
  readonly holderStack?: string | undefined;
}

/** A pool gave no connection: `POOL_TIMEOUT` or `POOL_CLOSED`. */
export class PoolError extends ClientError implements PoolFigures {
  override readonly name: string = 'PoolError';
  declare readonly code: PoolErrorCode;
  readonly size: number;
  readonly inUse: number;
  readonly connecting: number;
  readonly waiting: number;
  readonly longestHeldMs: number | undefined;
  readonly holderStack: string | undefined;

  constructor(
    code: PoolErrorCode,
    figures: PoolFigures & Cause & { readonly timeoutMs?: number; readonly advice?: string },
  ) {
    const { size, inUse, connecting, waiting, longestHeldMs, holderStack, timeoutMs } = figures;
    const { advice = 'raise maxConnections or acquireTimeoutMs of the pool' } = figures;
    const held = longestHeldMs === undefined ? '' : `, the longest held for ${Math.round(longestHeldMs)} ms`;
    super(
      code,
      code === 'POOL_CLOSED'
        ? 'the pool is closed; open a new one'
        : `no connection was free within ${timeoutMs} ms (${inUse} of ${size} in use${held}, ${connecting} connecting, ` +
            `${waiting} waiting): give them back sooner, or ${advice}`,
      NOT_SENT,
      figures.cause,
    );
    this.size = size;
    this.inUse = inUse;
    this.connecting = connecting;
    this.waiting = waiting;
    this.longestHeldMs = longestHeldMs;
    this.holderStack = holderStack;
  }
}

/** An option, constructor argument or URL that makes no sense (`INVALID_OPTION`). Never shows a secret. */
export class InvalidOptionError extends TypeError {
  override readonly name: string = 'InvalidOptionError';
  readonly code = 'INVALID_OPTION';
  /** The option's name, as `limits.commands`, or `url`. */
  readonly option: string;

  constructor(option: string, problem: string) {
    super(`${option} ${problem}`);
    this.option = option;
  }
}

function during(phase: Phase): string {
  if (phase === 'queued') return 'waiting to be written';
  if (phase === 'connecting') return 'waiting for a connection';
  return phase === 'written' ? 'waiting for its reply' : 'being turned down';
}

function verdict({ maybeExecuted, phase }: Delivery): string {
  if (phase === 'connecting' && !maybeExecuted) return 'nothing was sent';
  return maybeExecuted ? 'the server may have executed it' : 'the server has not executed it';
}

function explain({ state, queued, inFlight, lastReadMsAgo, p99Ms }: TimeoutDiagnosis): string {
  const read =
    lastReadMsAgo === undefined ? 'nothing read yet' : `last read ${Math.round(lastReadMsAgo)} ms ago`;
  const p99 = p99Ms === undefined ? '' : `, p99 ${p99Ms < 10 ? p99Ms.toFixed(1) : Math.round(p99Ms)} ms`;
  return `${state}, ${queued} queued, ${inFlight} in flight, ${read}${p99}`;
}
