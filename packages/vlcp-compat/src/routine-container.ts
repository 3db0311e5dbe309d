import type { Matcher } from './matcher.js';
import { sharedController } from './shared-controller.js';
import { unlessAborted } from './unless-aborted.js';

/** A routine that was started by {@link RoutineContainer.subroutine}. */
export interface Routine<T> extends Promise<T> {
  /** Its own scope, inside of that of its container. */
  readonly container: RoutineContainer;
  /** Ends its waits and calls; those it has started end too. */
  terminate(): void;
}

/** What came of a wait: `[true]` when the time was over first, else the event and the matcher that matched it. */
export type Waited<E> =
  | readonly [timedOut: true, event: undefined, matcher: undefined]
  | readonly [timedOut: false, event: E, matcher: Matcher<E>];

/** `[true, undefined]` when the time was over first, else the result. */
export type Executed<T> =
  | readonly [timedOut: true, result: undefined]
  | readonly [timedOut: false, result: T];

/**
 * What VLCP passes as the first argument of everything. Here it is a scope of cancellation: what is called with a container
 * ends (`ABORTED`) when the container is terminated. It may be left out everywhere, or be replaced by `{ signal }`.
 *
 * @example
 * const container = new RoutineContainer();
 * container.subroutine(async (inner) => {
 *   for (;;) console.log(await client.executeCommand(inner, 'BLPOP', 'jobs', 0));
 * });
 * container.terminate();
 */
export class RoutineContainer implements AsyncDisposable {
  readonly #controller: AbortController = sharedController();
  readonly #routines: Set<Promise<unknown>> = new Set();
  #unlink: (() => void) | undefined;

  constructor({
    signal,
  }: {
    /** Terminates the container, too. */
    readonly signal?: AbortSignal | undefined;
  } = {}) {
    if (signal !== undefined) this.#follow(signal);
  }

  /** Aborted when the container is terminated. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * Starts a routine now, up to its first `await`. It gets a container of its own, which ends with this one. What it throws
   * rejects the result; that it was terminated is no news to those who do not look at the result.
   */
  subroutine<T>(routine: (container: RoutineContainer) => Promise<T> | T): Routine<T> {
    const container = new RoutineContainer({ signal: this.signal });
    const running = (async () => routine(container))();
    // Apart from that which is watched here: a failure that nobody looks at must not go unnoticed.
    const result = running.then((value) => value);
    const terminate = (): void => container.terminate();
    container.signal.addEventListener('abort', () => void result.catch(ignore), { once: true });
    if (container.signal.aborted) result.catch(ignore);
    const settled = running.then(ignore, ignore).then(() => {
      container.#unlink?.();
      this.#routines.delete(settled);
    });
    this.#routines.add(settled);
    return Object.assign(result, { container, terminate });
  }

  /** The next event that the matcher matches. @throws AbortError (`ABORTED`) when the container is terminated */
  wait<E>(matcher: Matcher<E>): Promise<E> {
    return matcher.wait({ signal: this.signal });
  }

  /**
   * The first event that one of the matchers matches, unless the time is over before.
   *
   * @param timeout - in seconds, as in VLCP; `undefined` or `Infinity`: no limit
   * @throws AbortError (`ABORTED`) when the container is terminated; what ends a matcher
   */
  async waitWithTimeout<E>(
    timeout: number | undefined,
    ...matchers: readonly Matcher<E>[]
  ): Promise<Waited<E>> {
    const outcome = await this.executeWithTimeout<readonly [E, Matcher<E>]>(timeout, (inner) => {
      if (matchers.length === 0) return never;
      return Promise.race(matchers.map(async (matcher) => [await inner.wait(matcher), matcher] as const));
    });
    return outcome[0] ? [true, undefined, undefined] : [false, ...outcome[1]];
  }

  /**
   * Runs a routine, and terminates it when the time is over.
   *
   * @param timeout - in seconds, as in VLCP; `undefined` or `Infinity`: no limit
   * @throws AbortError (`ABORTED`) when the container is terminated; what the routine throws before the time is over
   */
  async executeWithTimeout<T>(
    timeout: number | undefined,
    routine: (container: RoutineContainer) => Promise<T> | T,
  ): Promise<Executed<T>> {
    const running = this.subroutine(routine);
    const { signal } = running.container;
    let timedOut = false;
    let timer: NodeJS.Timeout | undefined;
    const ms = (timeout ?? Number.POSITIVE_INFINITY) * 1000;
    if (ms < 2 ** 31) {
      timer = setTimeout(() => {
        timedOut = true;
        running.terminate();
      }, ms);
    }
    try {
      return [false, await unlessAborted(running, signal, 'a routine')];
    } catch (error) {
      if (timedOut) return [true, undefined];
      throw error;
    } finally {
      clearTimeout(timer);
      running.terminate();
    }
  }

  /** Ends all that was called with this container and has not ended; or one routine only. */
  terminate(routine?: Routine<unknown>): void {
    if (routine !== undefined) routine.terminate();
    else {
      this.#unlink?.();
      this.#controller.abort(new Error('the routine container was terminated'));
    }
  }

  /** Terminates it, and waits until its routines have ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.terminate();
    await Promise.all(this.#routines);
  }

  #follow(signal: AbortSignal): void {
    const abort = (): void => this.#controller.abort(signal.reason);
    if (signal.aborted) abort();
    else {
      signal.addEventListener('abort', abort, { once: true });
      this.#unlink = () => signal.removeEventListener('abort', abort);
    }
  }
}

/** For a wait that only the time ends. */
const never: Promise<never> = new Promise(() => undefined);

function ignore(): void {}
