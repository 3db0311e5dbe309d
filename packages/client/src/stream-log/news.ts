import { type Decode, type LogEntry, makeEntry, textOf } from './entry.js';
import { unpack } from './netstrings.js';

/** What a log publishes. */
export type News<Raw> =
  | { readonly kind: 'entry'; readonly epoch: string; readonly entry: LogEntry<Raw> }
  /** The stream has no entries up to this offset any more. */
  | { readonly kind: 'trimmed'; readonly epoch: string; readonly upTo: number }
  | { readonly kind: 'removed'; readonly epoch: string };

/** `undefined` when somebody else has published it. */
export function readNews<Raw>(message: Uint8Array, decode: Decode<Raw>): News<Raw> | undefined {
  const [epochBytes, offset, kind, ...rest] = unpack(message) ?? [];
  if (epochBytes === undefined || offset === undefined || kind === undefined) return undefined;
  const epoch = textOf(epochBytes);
  switch (textOf(kind)) {
    case 'e': {
      const [at, target, exclude, ...fields] = rest;
      if (at === undefined || target === undefined || exclude === undefined) return undefined;
      const parts = {
        epoch,
        offset: Number(textOf(offset)),
        at: Number(textOf(at)),
        target: textOf(target),
        exclude: textOf(exclude),
        fields,
      };
      return { kind: 'entry', epoch, entry: makeEntry(parts, decode) };
    }
    case 't':
      return { kind: 'trimmed', epoch, upTo: Number(textOf(rest[0] ?? new Uint8Array())) };
    case 'r':
      return { kind: 'removed', epoch };
    default:
      return undefined;
  }
}
