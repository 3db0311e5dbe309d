const SHOWN_LEVELS = 8;

/** A value that no reply can carry. Thrown by `encodeReply` and `encodeNode`; never contains the value. */
export class ReplyValueError extends TypeError {
  override readonly name = 'ReplyValueError';
  readonly code = 'INVALID_REPLY_VALUE';
  /** Positions of the enclosing elements from the outermost in. In maps and attributes, keys and values count one each. */
  readonly path: readonly number[];

  constructor(problem: string, advice: string, path: readonly number[] = []) {
    super(`${problem}${placeOf(path)}: ${advice}`);
    this.path = path;
  }
}

function placeOf(path: readonly number[]): string {
  if (path.length === 0) return '';
  const shown = path.slice(-SHOWN_LEVELS).map((index) => `[${index}]`);
  return ` at ${path.length > SHOWN_LEVELS ? '[…]' : ''}${shown.join('')}`;
}
