import { InvalidOptionError } from '../errors.js';
import { deadline, flag, integer, oneOf, record } from '../option-checks.js';
import { resolve, type Schema } from '../schema.js';

/**
 * Which keys the server reports to a client:
 * - `'optin'`: those that `cached()` has read, each once. The server keeps a record of each.
 * - `'default'`: those that the client has read in any way, each once.
 * - `'bcast'`: all that begin with one of the prefixes, whoever reads them. The server keeps no records.
 */
export type TrackingMode = 'optin' | 'default' | 'bcast';

export interface ClientCacheOptions {
  /** What the cache may take up, in bytes; the least recently used entries go first. @default 16_777_216 (16 MiB) */
  readonly maxBytes?: number | undefined;
  /** Which keys the server reports. @default 'optin' */
  readonly mode?: TrackingMode | undefined;
  /** With mode `'bcast'`: only keys that begin with one of these are reported and cached. @default [], which is all keys */
  readonly prefixes?: readonly (string | Uint8Array)[] | undefined;
  /** Nothing is kept for longer, in ms; 0 or `Infinity`: no bound but the key's own time to live. @default Infinity */
  readonly ttlMs?: number | undefined;
  /** The client's own writes invalidate nothing (NOLOOP): whoever writes has to `delete` the key. @default false */
  readonly noLoop?: boolean | undefined;
}

export interface ResolvedCacheOptions {
  readonly maxBytes: number;
  readonly mode: TrackingMode;
  readonly prefixes: readonly Uint8Array[];
  readonly ttlMs: number;
  readonly noLoop: boolean;
}

const schema: Schema<ResolvedCacheOptions> = {
  maxBytes: [16 * 1024 * 1024, integer(1)],
  mode: ['optin', oneOf('optin', 'default', 'bcast')],
  prefixes: [[], prefixList],
  ttlMs: [Number.POSITIVE_INFINITY, deadline],
  noLoop: [false, flag],
};

/** @throws InvalidOptionError naming the option */
export function resolveCacheOptions(options: ClientCacheOptions): ResolvedCacheOptions {
  const resolved = resolve(schema, record(options, 'clientCache') as object, 'clientCache.');
  if (resolved.prefixes.length > 0 && resolved.mode !== 'bcast')
    throw new InvalidOptionError('clientCache.prefixes', "need mode 'bcast'");
  return resolved;
}

function prefixList(value: unknown, option: string): Uint8Array[] {
  if (!Array.isArray(value)) throw new InvalidOptionError(option, 'must be an array');
  const prefixes = value.map((prefix: unknown, i) => {
    if (typeof prefix === 'string') return Buffer.from(prefix);
    if (prefix instanceof Uint8Array) return Uint8Array.from(prefix);
    throw new InvalidOptionError(`${option}[${i}]`, 'must be a string or a Uint8Array');
  });
  for (const [i, prefix] of prefixes.entries()) {
    const other = prefixes.findIndex((one, j) => j !== i && beginsWith(prefix, one));
    // The server refuses these, too.
    if (other !== -1) throw new InvalidOptionError(`${option}[${i}]`, `begins with ${option}[${other}]`);
  }
  return prefixes;
}

export function beginsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => bytes[i] === byte);
}
