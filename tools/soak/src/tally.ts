/** Which of the numbers 0, 1, 2, … have come; those that came without a hole cost nothing. */
export class Tally {
  /** All below have come. */
  #below = 0;
  readonly #above: Set<number> = new Set();

  /** How many have come. */
  get size(): number {
    return this.#below + this.#above.size;
  }

  has(number: number): boolean {
    return number < this.#below || this.#above.has(number);
  }

  /** False when it had come before. */
  add(number: number): boolean {
    if (this.has(number)) return false;
    this.#above.add(number);
    while (this.#above.delete(this.#below)) this.#below++;
    return true;
  }

  /** Those below `end` that have not come. */
  missing(end: number): number[] {
    const missing: number[] = [];
    for (let number = this.#below; number < end; number++) if (!this.has(number)) missing.push(number);
    return missing;
  }
}
