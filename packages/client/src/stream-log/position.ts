/** A place in a log: behind the entry with this offset, in the log's life of this epoch. */
export interface Position {
  readonly epoch: string;
  readonly offset: number;
}

/** `<epoch>.<offset>`: for users it has no parts. */
export function formatPosition(epoch: string, offset: number): string {
  return `${epoch}.${offset}`;
}

/** `undefined` for what was never a position: a cursor comes from outside. */
export function parsePosition(cursor: string): Position | undefined {
  const [, epoch, digits] = /^([\w-]{1,64})\.(0|[1-9]\d{0,15})$/.exec(cursor) ?? [];
  const offset = Number(digits);
  return epoch === undefined || !Number.isSafeInteger(offset) ? undefined : { epoch, offset };
}
