import { channel, type TracingChannel, tracingChannel } from 'node:diagnostics_channel';
import type { CommandArgument } from '@redlane/resp3-core';
import type { Endpoint } from './address.js';
import type { ClientState } from './client-status.js';
import { ReplyError } from './reply-error.js';
import { commandName } from './routing.js';
import type { Gap } from './topic.js';

/** What a command, a batch or a connection attempt is about, under the names of OpenTelemetry's database conventions. */
export interface TraceAttributes {
  readonly 'db.system.name': 'redis';
  /** The command; of a batch `PIPELINE` or `MULTI`, followed by the command when there is only one kind. None of a connect. */
  readonly 'db.operation.name'?: string;
  /** Commands of a batch, when there are two or more. */
  readonly 'db.operation.batch.size'?: number;
  /** Number of the database that the client was set up for. */
  readonly 'db.namespace': string;
  /** Host, or path of a unix socket. */
  readonly 'server.address': string;
  /** None for a unix socket. */
  readonly 'server.port'?: number;
  /** The server's error code: `WRONGTYPE`. */
  'db.response.status_code'?: string;
  /** The error's code, the server's or this client's: `TIMEOUT`. */
  'error.type'?: string;
}

/** An error without what a server's text may quote of a command. */
export interface TracedError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** The context of the tracing channels: one object from `start` to `asyncEnd`. Never has arguments, keys or replies. */
export interface Trace {
  readonly attributes: TraceAttributes;
  error?: TracedError;
}

/** A message of `redlane:state`. */
export interface StateChange {
  readonly server: Endpoint;
  readonly state: ClientState;
}

/** A message of `redlane:reconnect`: the shared connection is back. */
export interface Reconnect {
  readonly server: Endpoint;
  /** Attempts it took. */
  readonly attempts: number;
  readonly downMs: number;
  /** Why the last connection had ended. */
  readonly cause: Error;
}

/** A message of `redlane:gap`. */
export interface GapReport {
  readonly server: Endpoint;
  readonly gap: Gap;
}

/** A message of `redlane:pool`. */
export type PoolEvent =
  | { readonly event: 'opened' }
  | { readonly event: 'closed'; readonly reason: string }
  | { readonly event: 'dial-failed'; readonly cause: unknown }
  | { readonly event: 'timeout'; readonly timeoutMs: number }
  | { readonly event: 'leak'; readonly heldMs: number };

/** Where something was sent, as far as traces tell. */
export type TracedServer = Endpoint & { readonly db: number };

type Traces = TracingChannel<Trace, Trace>;

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'] as const;

export const commandTraces: Traces = tracingChannel<Trace, Trace>('redlane:command');
export const batchTraces: Traces = tracingChannel<Trace, Trace>('redlane:batch');
export const connectTraces: Traces = tracingChannel<Trace, Trace>('redlane:connect');
const states = channel('redlane:state');
const reconnects = channel('redlane:reconnect');
const gaps = channel('redlane:gap');
const pools = channel('redlane:pool');

/** Whether anybody listens. Bun's tracing channels do not say it of the five as a whole. */
export function hasListeners(traces: Traces): boolean {
  return traces.hasSubscribers ?? EVENTS.some((event) => traces[event].hasSubscribers);
}

/** Runs a task that ends by a promise between the events of a tracing channel. Ask {@link hasListeners} first. */
export function traced<T>(traces: Traces, attributes: TraceAttributes, task: () => Promise<T>): Promise<T> {
  const trace: Trace = { attributes };
  // Not tracePromise: it would show replies to whoever subscribes.
  return traces.start.runStores(trace, () => {
    const promise = task();
    traces.end.publish(trace);
    return promise.then(
      (value) => {
        settled(traces, trace);
        return value;
      },
      (error: unknown) => {
        trace.error = tracedError(error, attributes);
        traces.error.publish(trace);
        settled(traces, trace);
        throw error;
      },
    );
  });
}

export function commandAttributes(args: readonly CommandArgument[], server: TracedServer): TraceAttributes {
  return { ...serverAttributes(server), 'db.operation.name': commandName(args[0]) };
}

export function batchAttributes(
  kind: 'PIPELINE' | 'MULTI',
  commands: readonly (readonly CommandArgument[])[],
  server: TracedServer,
): TraceAttributes {
  const names = new Set(commands.map(([name]) => commandName(name)));
  return {
    ...serverAttributes(server),
    'db.operation.name': names.size === 1 ? `${kind} ${[...names][0]}` : kind,
    ...(commands.length > 1 ? { 'db.operation.batch.size': commands.length } : {}),
  };
}

export function serverAttributes({ host, port, path, db }: TracedServer): TraceAttributes {
  const common = { 'db.system.name': 'redis', 'db.namespace': String(db) } as const;
  return path === undefined
    ? { ...common, 'server.address': host, 'server.port': port }
    : { ...common, 'server.address': path };
}

/** Publishes a client's states, and its reconnects. Returns who is to be told of each state. */
export function stateReporter(server: () => Endpoint): (state: ClientState) => void {
  let everReady = false;
  let attempts = 0;
  let lost: { readonly at: number; readonly cause: Error } | undefined;
  return (state) => {
    if (states.hasSubscribers) states.publish({ server: server(), state } satisfies StateChange);
    if (state.state === 'connecting') attempts = state.attempt;
    else if (state.state === 'down') lost ??= { at: performance.now(), cause: state.cause };
    else if (state.state === 'ready') {
      if (everReady && lost !== undefined && reconnects.hasSubscribers) {
        const downMs = performance.now() - lost.at;
        const message: Reconnect = { server: server(), attempts, downMs, cause: lost.cause };
        reconnects.publish(message);
      }
      everReady = true;
      lost = undefined;
    }
  };
}

export function publishGap(server: Endpoint, gap: Gap): void {
  if (gaps.hasSubscribers) gaps.publish({ server, gap } satisfies GapReport);
}

export function publishPoolEvent(event: PoolEvent): void {
  if (pools.hasSubscribers) pools.publish(event);
}

function settled(traces: Traces, trace: Trace): void {
  traces.asyncStart.publish(trace);
  traces.asyncEnd.publish(trace);
}

function tracedError(error: unknown, attributes: TraceAttributes): TracedError {
  const { name, code, message } = error as { name: string; code?: unknown; message: string };
  const known = typeof code === 'string' ? code : name;
  attributes['error.type'] = known;
  if (!(error instanceof ReplyError)) return { name, code: known, message };
  attributes['db.response.status_code'] = known;
  return { name, code: known, message: `${error.command} was answered by ${known}` };
}
