import type { SchemaIssue } from './standard-schema.js';

export type CodecErrorCode = 'ENCODE_FAILED' | 'DECODE_FAILED';

interface Details {
  readonly cause?: unknown;
  /** What a schema found. */
  readonly issues?: readonly SchemaIssue[] | undefined;
}

/** How many bytes of what could not be read stand in a message. */
const EXCERPT_BYTES = 32;

/** A value could not be encoded or decoded. Match it by `code`. */
export abstract class CodecError extends Error {
  override readonly name: string = 'CodecError';
  readonly code: CodecErrorCode;
  /** What the schema found; `undefined` when it was not asked. */
  readonly issues: readonly SchemaIssue[] | undefined;

  constructor(code: CodecErrorCode, message: string, { cause, issues }: Details) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.issues = issues;
  }
}

/** A value has no faithful form (`ENCODE_FAILED`): it would be read back as something else. Nothing was sent. */
export class EncodeError extends CodecError {
  override readonly name: string = 'EncodeError';
  declare readonly code: 'ENCODE_FAILED';

  constructor(problem: string, details: Details = {}) {
    super('ENCODE_FAILED', `cannot encode: ${problem}`, details);
  }
}

/** What was received is not what the codec or its schema reads (`DECODE_FAILED`). */
export class DecodeError extends CodecError {
  override readonly name: string = 'DecodeError';
  declare readonly code: 'DECODE_FAILED';
  /** Not a property of its own, so that it does not end up in logs. */
  readonly #raw: Uint8Array;

  /** `raw` is all that was received; the message shows its first bytes only. */
  constructor(raw: string | Uint8Array, problem: string, details: Details = {}) {
    const bytes = typeof raw === 'string' ? Buffer.from(raw) : raw;
    super('DECODE_FAILED', `cannot decode ${excerptOf(bytes)}: ${problem}`, details);
    this.#raw = bytes;
  }

  /** What was received. */
  get raw(): Uint8Array {
    return this.#raw;
  }
}

function excerptOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.subarray(0, EXCERPT_BYTES)).toString('latin1');
  const shown = start.replace(
    /[^ -~]|["\\]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return bytes.length > EXCERPT_BYTES ? `"${shown}…" (${bytes.length} bytes)` : `"${shown}"`;
}
