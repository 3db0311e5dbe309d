/** One command as it went by. */
export interface ParsedCommand {
  /** Each cut to the parser's limit, and marked with `…` then. */
  readonly args: readonly string[];
  /** Offset in the stream of the first byte after the command. */
  readonly end: number;
}

const CR = 13;
const LF = 10;
const maxLine = 64 * 1024;

/** Reads the commands out of a client's byte stream, chunk by chunk, without keeping long arguments. */
export class CommandParser {
  readonly #onCommand: (command: ParsedCommand) => void;
  readonly #maxArgBytes: number;
  #line: number[] = [];
  #args: string[] = [];
  #missingArgs = 0;
  /** Of the argument that is being read: its bytes that are still to come, with CRLF. */
  #missingBytes = 0;
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #offset = 0;
  #malformed = false;

  constructor(onCommand: (command: ParsedCommand) => void, maxArgBytes = 1024) {
    this.#onCommand = onCommand;
    this.#maxArgBytes = maxArgBytes;
  }

  /** True after bytes that are no commands, TLS for one; nothing is read any more. */
  get malformed(): boolean {
    return this.#malformed;
  }

  push(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#malformed) {
      at = this.#missingBytes > 0 ? this.#readArg(chunk, at) : this.#readLine(chunk, at);
    }
    this.#offset += chunk.length;
  }

  #readArg(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#missingBytes);
    const content = Math.min(end, at + this.#missingBytes - 2);
    const room = this.#maxArgBytes + 1 - this.#keptBytes;
    if (content > at && room > 0) {
      const part = chunk.subarray(at, Math.min(content, at + room));
      // A copy: a slice would keep the whole chunk alive.
      this.#kept.push(Buffer.from(part));
      this.#keptBytes += part.length;
    }
    this.#missingBytes -= end - at;
    if (this.#missingBytes === 0) this.#endArg(end);
    return end;
  }

  #endArg(end: number): void {
    const bytes = Buffer.concat(this.#kept);
    this.#kept = [];
    this.#keptBytes = 0;
    const whole = bytes.length <= this.#maxArgBytes;
    this.#args.push(whole ? bytes.toString() : `${bytes.toString('utf8', 0, this.#maxArgBytes)}…`);
    if (--this.#missingArgs === 0) this.#endCommand(end);
  }

  #endCommand(end: number): void {
    const args = this.#args;
    this.#args = [];
    this.#onCommand({ args, end: this.#offset + end });
  }

  #readLine(chunk: Buffer, at: number): number {
    const byte = chunk[at]!;
    if (byte !== LF) {
      this.#line.push(byte);
      const startsBadly = this.#line.length === 1 && byte < 0x20 && byte !== CR;
      if (startsBadly || this.#line.length > maxLine) this.#malformed = true;
      return at + 1;
    }
    if (this.#line.at(-1) === CR) this.#line.pop();
    const line = Buffer.from(this.#line).toString();
    this.#line = [];
    this.#endLine(line, at + 1);
    return at + 1;
  }

  #endLine(line: string, end: number): void {
    if (this.#missingArgs > 0) {
      const length = /^\$(\d+)$/.exec(line)?.[1];
      if (length === undefined) this.#malformed = true;
      else this.#missingBytes = Number(length) + 2;
    } else if (line.startsWith('*')) {
      if (!/^\*-?\d+$/.test(line)) this.#malformed = true;
      this.#missingArgs = Math.max(0, Number(line.slice(1)));
    } else {
      this.#args = line.split(' ').filter((word) => word !== '');
      if (this.#args.length > 0) this.#endCommand(end);
    }
  }
}
