/** What one read takes at most. */
const READ_BYTES = 64 * 1024;

/**
 * Where a socket puts what it reads: always in the same memory, instead of 64 KiB of new memory for each read, which costs
 * more than to decode what a read brings. It is the option `onread` of `net.connect`.
 */
export class Inlet {
  readonly buffer: Buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  #take: ((chunk: Buffer) => void) | undefined;
  #early: Buffer[] = [];

  readonly callback = (length: number): true => {
    const chunk = this.buffer.subarray(0, length);
    if (this.#take === undefined) this.#early.push(Buffer.from(chunk));
    else this.#take(chunk);
    return true;
  };

  /** From now on, `take` gets what comes, and first what has come already. A chunk lasts until it returns. */
  open(take: (chunk: Buffer) => void): void {
    this.#take = take;
    for (const chunk of this.#early.splice(0)) take(chunk);
  }
}
