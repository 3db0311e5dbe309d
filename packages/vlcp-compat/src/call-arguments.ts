import { RoutineContainer } from './routine-container.js';

/** What every call takes as its last argument. */
export interface CommandOptions {
  /** Ends the wait for a connection and for the reply. */
  readonly signal?: AbortSignal | undefined;
  /** Deadline of the reply, in ms; 0 or `Infinity`: none. @default the client's `commandTimeoutMs` */
  readonly timeoutMs?: number | undefined;
}

/** Arguments as in VLCP, with or without the container before them, and with or without options behind them. */
export type Call<T, Options = CommandOptions> =
  | [...args: T[]]
  | [...args: T[], options: Options]
  | [container: RoutineContainer, ...args: T[]]
  | [container: RoutineContainer, ...args: T[], options: Options];

/** One list of arguments in place of many, with the same around it. */
export type ListCall<T, Options = CommandOptions> =
  | [list: readonly T[], options?: Options]
  | [container: RoutineContainer, list: readonly T[], options?: Options];

export interface ParsedCall<Options> {
  readonly args: readonly unknown[];
  /** What was given behind the arguments, with the container's signal in it. */
  readonly options: Options & { readonly signal?: AbortSignal | undefined };
}

/** Takes the container and the options off the arguments of a call. */
export function parseCall<Options extends { readonly signal?: AbortSignal | undefined } = CommandOptions>(
  call: readonly unknown[],
): ParsedCall<Options> {
  const [first] = call;
  const container = first instanceof RoutineContainer ? first : undefined;
  const last = call.at(-1);
  const given = isOptions(last) ? (last as Options) : undefined;
  const args = call.slice(container === undefined ? 0 : 1, given === undefined ? undefined : -1);
  return { args, options: { ...(given as Options), signal: eitherSignal(container?.signal, given?.signal) } };
}

/** A signal that is aborted with the first of the two. */
export function eitherSignal(
  a: AbortSignal | undefined,
  b: AbortSignal | undefined,
): AbortSignal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return AbortSignal.any([a, b]);
}

function isOptions(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) && !ArrayBuffer.isView(value) && !(value instanceof RoutineContainer);
}
