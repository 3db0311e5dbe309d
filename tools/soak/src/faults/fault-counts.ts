/** How often each kind of fault was inflicted. */
export class FaultCounts {
  readonly #kinds: Map<string, number> = new Map();

  count(kind: string): void {
    this.#kinds.set(kind, this.of(kind) + 1);
  }

  of(kind: string): number {
    return this.#kinds.get(kind) ?? 0;
  }

  get total(): number {
    return [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
  }

  toString(): string {
    return [...this.#kinds]
      .sort()
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ');
  }
}
