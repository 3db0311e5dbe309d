import type { RedisError } from './errors.js';

/**
 * A decoded value. Which of these can occur depends on the decoder's options: `Uint8Array` only with `replies: 'bytes'`,
 * `Map` or plain objects by `maps`, {@link AttributedReply} only with `attributes: 'wrap'`.
 */
export type RespValue =
  | string
  | Uint8Array
  | number
  | bigint
  | boolean
  | null
  | VerbatimString
  | RedisError
  | AttributedReply
  | RespValue[]
  | Set<RespValue>
  | Map<RespValue, RespValue>
  | { [key: string]: RespValue };

/** Attributes that stood before a value (`|`). Strings in them are text always, whatever `replies` says. */
export type RespAttributes = Map<RespValue, RespValue>;

/** An out-of-band message (`>`): pub/sub, invalidations, or anything else a server may push. */
export class RespPush {
  /** The first element: `message`, `invalidate`, … */
  readonly pushType: string;
  /** The elements after the first. */
  readonly data: RespValue[];

  constructor(pushType: string, data: RespValue[]) {
    this.pushType = pushType;
    this.data = data;
  }
}

/** A text with a format mark (`=`): `txt` or `mkd`. Behaves as its text wherever a string is wanted. */
export class VerbatimString extends String {
  /** The three characters before the colon. */
  readonly format: string;

  constructor(text: string, format: string) {
    super(text);
    this.format = format;
  }

  toJSON(): string {
    return this.valueOf();
  }
}

/** A value and the attributes that stood before it, with `attributes: 'wrap'`. */
export class AttributedReply<T extends RespValue = RespValue> {
  readonly value: T;
  readonly attributes: RespAttributes;

  constructor(value: T, attributes: RespAttributes) {
    this.value = value;
    this.attributes = attributes;
  }
}
