/** A reply as plain JavaScript: maps and attributes come flat, sets and pushes as arrays. */
export type Reply = string | number | bigint | boolean | null | ReplyError | Reply[];

/** An error that the server sent; `code` is its first word. */
export class ReplyError extends Error {
  override readonly name = 'ReplyError';
  readonly code: string;

  constructor(message: string) {
    super(message);
    this.code = message.split(' ', 1)[0] ?? 'ERR';
  }
}

/** One reply and the offset of the first byte after it. */
export interface ParsedReply {
  readonly value: Reply;
  readonly end: number;
}

/**
 * Reads one RESP2 or RESP3 reply, or `undefined` when it is not all there yet. Deliberately simple and on its own: the
 * tests of the protocol package use this tool, so this tool must not rest on that package.
 */
export function parseReply(bytes: Buffer, start = 0): ParsedReply | undefined {
  const lineEnd = bytes.indexOf('\r\n', start, 'latin1');
  if (lineEnd === -1) return undefined;
  const type = String.fromCharCode(bytes[start] ?? 0);
  const line = bytes.toString('utf8', start + 1, lineEnd);
  const next = lineEnd + 2;
  switch (type) {
    case '+':
      return { value: line, end: next };
    case '-':
      return { value: new ReplyError(line), end: next };
    case ':':
    case '(':
      return { value: toInteger(line), end: next };
    case ',':
      return { value: toDouble(line), end: next };
    case '#':
      return { value: line === 't', end: next };
    case '_':
      return { value: null, end: next };
    case '$':
    case '=':
    case '!':
      return parseBulk(bytes, next, type, Number(line));
    case '*':
    case '~':
    case '>':
      return parseAggregate(bytes, next, Number(line));
    case '%':
      return parseAggregate(bytes, next, Number(line) * 2);
    case '|': {
      const attributes = parseAggregate(bytes, next, Number(line) * 2);
      return attributes && parseReply(bytes, attributes.end);
    }
    default:
      throw new Error(`a reply cannot start with ${JSON.stringify(type)}`);
  }
}

function parseBulk(bytes: Buffer, start: number, type: string, length: number): ParsedReply | undefined {
  if (length === -1) return { value: null, end: start };
  const end = start + length + 2;
  if (bytes.length < end) return undefined;
  const text = bytes.toString('utf8', start, end - 2);
  if (type === '!') return { value: new ReplyError(text), end };
  return { value: type === '=' ? text.slice(4) : text, end };
}

function parseAggregate(bytes: Buffer, start: number, length: number): ParsedReply | undefined {
  if (length === -1) return { value: null, end: start };
  const value: Reply[] = [];
  let end = start;
  while (value.length < length) {
    const element = parseReply(bytes, end);
    if (element === undefined) return undefined;
    value.push(element.value);
    end = element.end;
  }
  return { value, end };
}

function toInteger(text: string): number | bigint {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

function toDouble(text: string): number {
  return Number(text.replace('inf', 'Infinity'));
}
