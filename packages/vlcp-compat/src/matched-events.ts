import { translateError } from './translate-error.js';

/** Events out of a stream of something else; ends with it, and ends it. */
export class MatchedEvents<E> implements AsyncIterableIterator<E> {
  readonly #next: () => Promise<IteratorResult<E | undefined, unknown>>;
  readonly #end: () => Promise<unknown>;

  /** `match` gives the event that an item stands for, if it does. */
  static of<S, E>(
    source: AsyncIterator<S, unknown>,
    match: (item: S) => E | undefined,
    onEnd: () => void,
  ): MatchedEvents<E> {
    const next = async (): Promise<IteratorResult<E | undefined, unknown>> => {
      const { done, value } = await source.next();
      return done === true ? { done, value } : { done: false, value: match(value) };
    };
    return new MatchedEvents(next, async () => {
      onEnd();
      await source.return?.();
    });
  }

  private constructor(
    next: () => Promise<IteratorResult<E | undefined, unknown>>,
    end: () => Promise<unknown>,
  ) {
    this.#next = next;
    this.#end = end;
  }

  async next(): Promise<IteratorResult<E, undefined>> {
    try {
      for (;;) {
        const { done, value } = await this.#next();
        if (done === true) return { done, value: undefined };
        if (value !== undefined) return { done: false, value };
      }
    } catch (error) {
      throw translateError(error);
    }
  }

  async return(): Promise<IteratorResult<E, undefined>> {
    await this.#end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
