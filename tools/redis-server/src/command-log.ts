/** A command that a client sent through the proxy. */
export interface CommandRecord {
  readonly connectionId: number;
  /** As text; an argument of more than 1 KiB is cut and marked with `…`. */
  readonly args: readonly string[];
  /** Whether its last byte has been written to the server. Turns true later where a fault holds it back. */
  readonly forwarded: boolean;
}

/** Which commands are meant. */
export interface CommandFilter {
  /** The command's name, in any case. */
  readonly name?: string;
  readonly connectionId?: number;
  /** Only commands that have reached the server, or only those that have not. */
  readonly forwarded?: boolean;
}

export function matches(record: CommandRecord, { name, connectionId, forwarded }: CommandFilter): boolean {
  if (name !== undefined && record.args[0]?.toUpperCase() !== name.toUpperCase()) return false;
  if (connectionId !== undefined && record.connectionId !== connectionId) return false;
  return forwarded === undefined || record.forwarded === forwarded;
}

/** The last commands, oldest first. */
export class CommandLog {
  readonly #limit: number;
  #records: CommandRecord[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(record: CommandRecord): void {
    this.#records.push(record);
    // Twice the limit before it is trimmed, so that trimming costs little for each command.
    if (this.#records.length >= this.#limit * 2) this.#records = this.#records.slice(-this.#limit);
  }

  list(filter: CommandFilter): CommandRecord[] {
    return this.#records.slice(-this.#limit).filter((record) => matches(record, filter));
  }

  clear(): void {
    this.#records = [];
  }
}
