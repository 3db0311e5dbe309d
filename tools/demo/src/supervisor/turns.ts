/** A web node that can be asked. */
export interface Upstream {
  readonly id: string;
  readonly port: number;
}

/** Who is asked next: one after the other, without those that have just failed. */
export class Turns {
  #last = '';

  /** `undefined` when all have failed, or there is none. */
  next(upstreams: readonly Upstream[], failed: ReadonlySet<number>): Upstream | undefined {
    const left = upstreams.filter(({ port }) => !failed.has(port)).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const chosen = left.find(({ id }) => id > this.#last) ?? left[0];
    if (chosen !== undefined) this.#last = chosen.id;
    return chosen;
  }
}
