import { type Limits, resolveLimits } from './limits.js';

/** How strings arrive: as text, or as bytes that nothing has been done to. */
export type ReplyMode = 'string' | 'bytes';
/** How maps arrive: `Map`, a null-prototype object, or `[key, value]` pairs. */
export type MapMode = 'map' | 'object' | 'entries';

export interface RespDecoderOptions {
  /**
   * Strings as text or as bytes. In bytes mode maps are entries and sets are arrays, since byte keys cannot be looked
   * up. Can be changed between replies: {@link RespDecoder.replies}.
   * @default 'string'
   */
  replies?: ReplyMode;
  /**
   * The same for what is pushed, where the type of the push may decide. The type itself is always text. A function that
   * throws stops the decoder, like a protocol error.
   * @default 'string'
   */
  pushReplies?: ReplyMode | ((pushType: string) => ReplyMode);
  /**
   * Shape of maps. An object whose keys were not all strings would lose some: such a map is a `Map` with `'object'` too.
   * @default 'map'
   */
  maps?: MapMode;
  /** Shape of sets. @default 'set' */
  sets?: 'set' | 'array';
  /** Verbatim strings with their format, or as plain text. @default 'verbatim' */
  verbatim?: 'verbatim' | 'text';
  /**
   * Attributes of a whole reply beside it, as the callbacks' second argument (those inside of replies are dropped), or
   * around every value that has some, as `AttributedReply`. Those of pushes and of whole replies that are errors are
   * beside them always.
   * @default 'beside'
   */
  attributes?: 'beside' | 'wrap';
  /** Upper bounds of what is accepted. */
  limits?: Partial<Limits>;
}

/** What the reader asks of its decoder beyond the public options. */
export interface EngineOptions extends RespDecoderOptions {
  /** Deliver `RespNode` trees, all of them by `onReply`. @default false */
  typed?: boolean;
}

export type ResolvedDecoderOptions = Required<Omit<EngineOptions, 'limits'>> & {
  limits: Readonly<Limits>;
};

const choices = {
  replies: ['string', 'bytes'],
  maps: ['map', 'object', 'entries'],
  sets: ['set', 'array'],
  verbatim: ['verbatim', 'text'],
  attributes: ['beside', 'wrap'],
} as const;

/** Options with their defaults; a value that is not one of an option's is a `TypeError`. */
export function resolveDecoderOptions(options: EngineOptions = {}): ResolvedDecoderOptions {
  for (const [name, allowed] of Object.entries(choices)) {
    const value = options[name as keyof typeof choices];
    if (value !== undefined && !(allowed as readonly string[]).includes(value)) {
      throw new TypeError(`${name} must be one of ${allowed.join(', ')}, got ${String(value)}`);
    }
  }
  const pushReplies = options.pushReplies ?? 'string';
  if (typeof pushReplies !== 'function' && !choices.replies.includes(pushReplies)) {
    throw new TypeError(`pushReplies must be string, bytes or a function, got ${String(pushReplies)}`);
  }
  return {
    replies: options.replies ?? 'string',
    pushReplies,
    maps: options.maps ?? 'map',
    sets: options.sets ?? 'set',
    verbatim: options.verbatim ?? 'verbatim',
    attributes: options.attributes ?? 'beside',
    typed: options.typed ?? false,
    limits: resolveLimits(options.limits),
  };
}
