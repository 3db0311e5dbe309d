import { InvalidOptionError } from '@redlane/client';
import type { ListenerPolicy } from '../event-feed.js';
import type { SseRequest } from '../http/sse-request.js';
import type { SessionEnd } from './session-end.js';

/** What `authorize` says about a request. */
export type Verdict =
  /** `false` is `{ allow: false }`. */
  | boolean
  | {
      readonly allow: true;
      /** Whose response it is; takes precedence over what the handler has said. */
      readonly listener?: string | undefined;
      /** When the response ends, in ms since 1970: the client comes back, and is asked again. @default never */
      readonly expiresAt?: number | undefined;
    }
  | {
      readonly allow: false;
      /** An EventSource gives up for good, whatever it is. @default 403 */
      readonly status?: number | undefined;
    };

/** Options of {@link SseSessions}. Durations are in ms. */
export interface SseSessionsOptions {
  /** Decides about a request before anything is sent. What it throws is the handler's affair. @default everybody may */
  readonly authorize?: ((request: SseRequest, channel: string) => Verdict | Promise<Verdict>) | undefined;
  /** How long clients wait before they reconnect: between this and half as much again, said once a response. @default 2_000 */
  readonly retryMs?: number | undefined;
  /** After so long without traffic a comment is sent, up to a quarter later. The default suits Bun, which gives up after 10 s. @default 8_000 */
  readonly heartbeatMs?: number | undefined;
  /** Responses end after this time, give or take a tenth; clients resume. @default Infinity */
  readonly maxAgeMs?: number | undefined;
  /** Bound of what waits for one client, in bytes: over it the response ends, and the client resumes. @default 1_048_576 */
  readonly maxQueuedBytes?: number | undefined;
  /** A client that has taken nothing for so long, or not all of one event, is cut off. @default 60_000 */
  readonly stallTimeoutMs?: number | undefined;
  /** Open responses in this process: further clients are told to come back later. @default Infinity */
  readonly maxSessions?: number | undefined;
  /** What happens when a listener with an open response asks for another one. @default 'take-over' */
  readonly listenerPolicy?: ListenerPolicy | undefined;
  /** Who is told to come back later does so after half to one and a half of this. @default 5_000 */
  readonly refusalRetryMs?: number | undefined;
  /** When the channel could not be read for so long, the client is told to come back later. @default 5_000 */
  readonly openTimeoutMs?: number | undefined;
  /** Query parameter with the cursor, for clients that cannot set the header `Last-Event-ID`, which goes first. @default 'lastEventId' */
  readonly queryParameter?: string | undefined;
  /** Type of the event that says that something may have been missed. @default 'reset' */
  readonly resetEvent?: string | undefined;
  /** More headers, or other values for ours. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Called when a response is over, or could not begin. Must not throw. */
  readonly onEnd?: ((end: SessionEnd) => void) | undefined;
}

export type ResolvedSessionOptions = {
  readonly [Name in Exclude<keyof SseSessionsOptions, 'authorize' | 'onEnd'>]-?: Exclude<
    SseSessionsOptions[Name],
    undefined
  >;
} & Pick<SseSessionsOptions, 'authorize' | 'onEnd'>;

const POLICIES: readonly ListenerPolicy[] = ['take-over', 'refuse', 'share'];

/** @throws InvalidOptionError (`INVALID_OPTION`) */
export function resolveSessionOptions(options: SseSessionsOptions): ResolvedSessionOptions {
  const { listenerPolicy = 'take-over', queryParameter = 'lastEventId', resetEvent = 'reset' } = options;
  const { headers = {}, authorize, onEnd } = options;
  if (!POLICIES.includes(listenerPolicy)) {
    const choices = POLICIES.map((policy) => JSON.stringify(policy)).join(', ');
    throw new InvalidOptionError('listenerPolicy', `must be one of ${choices}`);
  }
  for (const [name, value] of Object.entries({ queryParameter, resetEvent })) {
    if (typeof value !== 'string' || value === '' || /[\r\n\0]/.test(value)) {
      throw new InvalidOptionError(name, 'must be a string of one line, and not empty');
    }
  }
  for (const [name, value] of Object.entries({ authorize, onEnd })) {
    if (value !== undefined && typeof value !== 'function') {
      throw new InvalidOptionError(name, `must be a function, got ${typeof value}`);
    }
  }
  const number = (name: NumberOption, fallback: number, least = 1): number => {
    const value = options[name] ?? fallback;
    if (typeof value === 'number' && value >= least) return value;
    throw new InvalidOptionError(name, `must be a number from ${least} to Infinity, got ${String(value)}`);
  };
  const whole = (name: NumberOption, fallback: number, least = 1): number => {
    const value = number(name, fallback, least);
    if (Number.isSafeInteger(value)) return value;
    throw new InvalidOptionError(name, `must be a whole number, got ${value}`);
  };
  return {
    authorize,
    onEnd,
    listenerPolicy,
    queryParameter,
    resetEvent,
    headers,
    retryMs: whole('retryMs', 2_000, 0),
    refusalRetryMs: whole('refusalRetryMs', 5_000, 0),
    heartbeatMs: number('heartbeatMs', 8_000),
    maxAgeMs: number('maxAgeMs', Number.POSITIVE_INFINITY),
    maxQueuedBytes: number('maxQueuedBytes', 1_048_576),
    stallTimeoutMs: number('stallTimeoutMs', 60_000),
    maxSessions: number('maxSessions', Number.POSITIVE_INFINITY, 0),
    openTimeoutMs: number('openTimeoutMs', 5_000),
  };
}

type NumberOption = {
  [Name in keyof SseSessionsOptions]-?: NonNullable<SseSessionsOptions[Name]> extends number ? Name : never;
}[keyof SseSessionsOptions];
