import { deepStrictEqual } from 'node:assert/strict';
import { DecodeError, type Encoded, json } from '@redlane/client/codec';
import { damage, type FuzzTarget, type Next, pick, several } from '@redlane/fuzz';
import { type Header, isSealed, seal, unseal } from '../../src/envelope.js';

interface EnvelopeInput {
  readonly raw: Encoded;
  /** What it was made of. `undefined`: it has been damaged. */
  readonly made?: { readonly header: Header; readonly payload: Encoded } | undefined;
}

const TOKENS = [
  '\n',
  'redlane/1 ',
  '{',
  '}',
  '"',
  '\\',
  ':',
  ',',
  '"at":',
  '"error":',
  'null',
  '1e999',
  '\xff',
  '\0',
];
const payloads = json({ python: true });

/** What a peer puts into the list: it is read as it was sent, or refused with a `DecodeError`. */
export const envelopeTarget: FuzzTarget<EnvelopeInput> = {
  name: 'envelope',
  input: (next) => {
    const made = { header: header(next), payload: payload(next) };
    const raw = seal(made.header, made.payload);
    if (next(4) === 0) return { raw, made };
    const bytes = damage(Buffer.from(raw as Uint8Array), next, TOKENS);
    return { raw: next(3) === 0 ? Buffer.from(bytes).toString() : bytes };
  },
  check: ({ raw, made }) => {
    const read = attempt(() => unseal(raw));
    if (made !== undefined) deepStrictEqual(read, plain(made));
    if (read === undefined) return 'no envelope of ours';
    if ((read.header !== undefined) !== isSealed(raw)) throw new Error('sealed, but without a header');
    if (read.header !== undefined) checkHeader(read.header);
    const decoded = attempt(() => payloads.decode(read.payload));
    return `${read.header === undefined ? 'bare' : 'sealed'}, ${decoded === undefined ? 'no JSON' : 'JSON'}`;
  },
  show: ({ raw }) => (typeof raw === 'string' ? JSON.stringify(raw) : Buffer.from(raw).toString('hex')),
};

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** What receivers take for granted. */
function checkHeader({ at, ttl = 0, id = '', from = '', re = '', error }: Header): void {
  const numbers = [at, ttl].every((value) => typeof value === 'number' && !Number.isNaN(value));
  const texts = [id, from, re, error?.name ?? '', error?.message ?? '', error?.code ?? ''];
  if (!numbers || texts.some((value) => typeof value !== 'string'))
    throw new Error('a header of other types');
}

/** JSON has no `undefined`. */
function plain({ header, payload }: NonNullable<EnvelopeInput['made']>): object {
  return { header: JSON.parse(JSON.stringify(header)) as object, payload };
}

function header(next: Next): Header {
  return {
    at: next(2 ** 31),
    ttl: next(2) === 0 ? undefined : next(100_000),
    id: next(2) === 0 ? undefined : text(next),
    from: next(2) === 0 ? undefined : text(next),
    re: next(3) > 0 ? undefined : text(next),
    error:
      next(3) > 0 ? undefined : { name: text(next), message: text(next), code: pick(next, [undefined, 'E']) },
  };
}

function payload(next: Next): Encoded {
  const content = pick(next, [
    () => JSON.stringify({ [text(next)]: text(next), list: [next(100), null, true] }),
    () => text(next),
    () => '{"__proto__":{"x":1},"n":NaN,"big":123456789012345678901234567890}',
    () => `redlane/1 ${text(next)}`,
  ])();
  return next(2) === 0 ? content : Buffer.from(content);
}

function text(next: Next): string {
  return several(next, 12, () =>
    pick(next, ['a', '\n', '\r', '"', '\\', '\0', 'é', '😀', '{', '}', '/', ':']),
  ).join('');
}
